/* Runs one relocated instruction with the registers of what was interrupted. */
        .intel_syntax noprefix
        .include "Layout.inc"
        .set    RUN_FLAGS, 128                  /* RunState.cs */
        .set    RUN_CODE, 136
        .set    RUN_VECTORS, 144

        .macro  push_register name
        push    \name
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset \name, 0
        .endm

        .macro  pop_register name
        pop     \name
        .cfi_adjust_cfa_offset -8
        .cfi_restore \name
        .endm

        .text
/* rdi: RunState. A fault in the code comes back here too: TraceState.TryHold makes it return from the call. */
routine trace_run_instruction
        .irp    register, rbx, rbp, r12, r13, r14, r15
        push_register \register
        .endr
        push    rdi
        .cfi_adjust_cfa_offset 8
        push    [rdi+RUN_CODE]
        .cfi_adjust_cfa_offset 8
        mov     rax, [rdi+RUN_VECTORS]
        test    rax, rax
        jz      1f
        fxrstor64 [rax]
1:      push    [rdi+RUN_FLAGS]
        .cfi_adjust_cfa_offset 8
        popfq
        .cfi_adjust_cfa_offset -8
        mov     rax, [rdi]
        mov     rcx, [rdi+8]
        mov     rdx, [rdi+16]
        mov     rbx, [rdi+24]
        mov     rbp, [rdi+40]
        mov     rsi, [rdi+48]
        mov     r8, [rdi+64]
        mov     r9, [rdi+72]
        mov     r10, [rdi+80]
        mov     r11, [rdi+88]
        mov     r12, [rdi+96]
        mov     r13, [rdi+104]
        mov     r14, [rdi+112]
        mov     r15, [rdi+120]
        mov     rdi, [rdi+56]
        call    [rsp]
        mov     [rsp], rdi                      /* the code's address is not needed any more */
        mov     rdi, [rsp+8]
        mov     [rdi], rax
        mov     [rdi+8], rcx
        mov     [rdi+16], rdx
        mov     [rdi+24], rbx
        mov     [rdi+40], rbp
        mov     [rdi+48], rsi
        mov     [rdi+64], r8
        mov     [rdi+72], r9
        mov     [rdi+80], r10
        mov     [rdi+88], r11
        mov     [rdi+96], r12
        mov     [rdi+104], r13
        mov     [rdi+112], r14
        mov     [rdi+120], r15
        pushfq
        .cfi_adjust_cfa_offset 8
        pop     [rdi+RUN_FLAGS]
        .cfi_adjust_cfa_offset -8
        cld
        pop     rax
        .cfi_adjust_cfa_offset -8
        mov     [rdi+56], rax
        mov     rax, [rdi+RUN_VECTORS]
        test    rax, rax
        jz      2f
        fxsave64 [rax]
2:      pop     rdi
        .cfi_adjust_cfa_offset -8
        .irp    register, r15, r14, r13, r12, rbp, rbx
        pop_register \register
        .endr
        ret
end     trace_run_instruction

/* rdi: to, rsi: from, edx: width. One access of 1, 2, 4, 8 or 16 bytes on each side. */
routine trace_move
        cmp     edx, 4
        je      4f
        jb      1f
        cmp     edx, 8
        jne     6f
        mov     rax, [rsi]
        mov     [rdi], rax
        ret
6:      movups  xmm0, [rsi]
        movups  [rdi], xmm0
        ret
4:      mov     eax, [rsi]
        mov     [rdi], eax
        ret
1:      cmp     edx, 1
        jne     2f
        mov     al, [rsi]
        mov     [rdi], al
        ret
2:      mov     ax, [rsi]
        mov     [rdi], ax
        ret
end     trace_move
        .section .note.GNU-stack, "", @progbits
