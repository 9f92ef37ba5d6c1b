/* The start of the gate's program, over Linux's read, write and exit and nothing else. */
        .intel_syntax noprefix
        .set    SYS_read, 0
        .set    SYS_write, 1
        .set    SYS_exit_group, 231
        .set    capacity, 0x100000

        .text
        .globl  _start
/* Standard input through gate_run to standard output. */
_start:
        and     rsp, -16
        xor     r12d, r12d
1:      xor     edi, edi
        lea     rsi, input[rip]
        add     rsi, r12
        mov     edx, capacity
        sub     rdx, r12
        mov     eax, SYS_read
        syscall
        test    rax, rax
        js      haltpoint_halt
        add     r12, rax
        test    rax, rax
        jnz     1b

        lea     rdi, input[rip]
        mov     rsi, r12
        lea     rdx, output[rip]
        mov     ecx, capacity
        call    gate_run
        test    eax, eax
        js      haltpoint_halt
        mov     r12d, eax
        lea     r13, output[rip]
2:      test    r12, r12
        jz      3f
        mov     edi, 1
        mov     rsi, r13
        mov     rdx, r12
        mov     eax, SYS_write
        syscall
        test    rax, rax
        js      haltpoint_halt
        add     r13, rax
        sub     r12, rax
        jmp     2b
3:      xor     edi, edi
        mov     eax, SYS_exit_group
        syscall

        .globl  haltpoint_halt, RhpFallbackFailFast
haltpoint_halt:
RhpFallbackFailFast:
        mov     edi, 134
        mov     eax, SYS_exit_group
        syscall
        ud2

        .bss
        .balign 16
input:  .skip   capacity
output: .skip   capacity
        .section .note.GNU-stack, "", @progbits
