/* What ILC's objects ask of their linker; the gate's program and the kernel share it. haltpoint_halt is each one's own. */
        .intel_syntax noprefix
        .text
/* There is no collector to tell, and the stack is there in full. */
        .globl  RhpReversePInvoke, RhpReversePInvokeReturn, RhpStackProbe
RhpReversePInvoke:
RhpReversePInvokeReturn:
RhpStackProbe:
        ret

        .globl  memmove, memcpy, memset
memcpy:
memmove:
        mov     rax, rdi
        mov     rcx, rdx
        mov     r8, rdi
        sub     r8, rsi
        cmp     r8, rdx
        jb      4f                      /* the destination begins inside the source: from the end */
        rep movsb
        ret
4:      lea     rdi, [rdi+rdx-1]
        lea     rsi, [rsi+rdx-1]
        std
        rep movsb
        cld
        ret

memset:
        mov     r8, rdi
        mov     rcx, rdx
        mov     eax, esi
        rep stosb
        mov     rax, r8
        ret

        .data
        .globl  __security_cookie
__security_cookie:
        .quad   0x2b992ddfa232

        .section .note.GNU-stack, "", @progbits
