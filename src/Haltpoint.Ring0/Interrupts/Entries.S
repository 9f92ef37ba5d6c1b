/* From an interrupt or exception to C# and back. Every register is saved: the frame is the whole state of what was interrupted. */
        .intel_syntax noprefix
        .include "Layout.inc"
        .set    VECTOR_DEBUG, 1
        .set    VECTOR_NMI, 2
        .set    OWN_STACKS, 0x106               /* debug exception, NMI, double fault: InterruptStacks.cs */
        .set    FRAME_WORDS, 22
        .set    FRAME_VECTOR, 15 * 8
        .set    FRAME_CS, 18 * 8
        .set    DWARF_RFLAGS, 49

/* Pushed by the CPU: ss, rsp, rflags, cs, rip and for some exceptions an error code; by the stub: 0 where there is none, the vector. */
        .macro  frame_start words
        .cfi_startproc
        .cfi_signal_frame
        .cfi_def_cfa rsp, (5 + \words) * 8
        .cfi_offset rip, -40
        .cfi_offset DWARF_RFLAGS, -24
        .cfi_offset rsp, -16
        .endm

        .macro  save register
        push    \register
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset \register, 0
        .endm

        .macro  restore register
        pop     \register
        .cfi_adjust_cfa_offset -8
        .cfi_restore \register
        .endm

        /* ebx as interrupt_common left it: another thread's frame is gone on with only from an entry that set it to 0. */
        .macro  leave_gs
        test    byte ptr [rsp+FRAME_CS], 3
        jnz     8f
        test    ebx, ebx
        jz      9f
8:      swapgs
9:
        .endm

        .text
        .globl  interrupt_entries
        .balign 16
interrupt_entries:
        .set    vector, 0
        .rept   256
        .balign 16
        /* The exceptions with an error code: SDM volume 3, table 6-1. */
        .if     vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30
        frame_start 1
        .else
        frame_start 0
        push    0
        .cfi_adjust_cfa_offset 8
        .endif
        push    vector
        .cfi_adjust_cfa_offset 8
        jmp     interrupt_common
        .cfi_endproc
        .set    vector, vector + 1
        .endr

        .globl  interrupt_common
        .type   interrupt_common, @function
interrupt_common:
        frame_start 2
        .irp    register, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
        save    \register
        .endr
        cld
        xor     ebx, ebx                        /* not 0: GS goes back to the user's although what was interrupted is the kernel */
        test    byte ptr [rsp+FRAME_CS], 3
        jz      4f
        swapgs
        cmp     dword ptr [rsp+FRAME_VECTOR], VECTOR_DEBUG
        jne     6f
        /* To the thread's own stack, on which it may be held. */
        mov     rsi, rsp
        mov     rdi, gs:[CPU_KERNEL_STACK]
        sub     rdi, FRAME_WORDS * 8
        mov     rsp, rdi
        mov     ecx, FRAME_WORDS
        rep movsq
        jmp     6f
        /* The kernel was interrupted. These three come also between an entry from user mode and its swapgs, or one and its iretq: a base that is
           no address of the kernel's is the user's. */
4:      mov     ecx, [rsp+FRAME_VECTOR]
        cmp     ecx, 8
        ja      6f
        mov     eax, OWN_STACKS
        bt      eax, ecx
        jnc     6f
        mov     ecx, MSR_GS_BASE
        rdmsr
        test    edx, edx
        js      6f
        swapgs
        inc     ebx
6:      mov     rdi, rsp
        /* Aligned: the CPU aligns the stack before it pushes, and 22 words came on top. */
        sub     rsp, FXSAVE_SIZE
        .cfi_adjust_cfa_offset FXSAVE_SIZE
        fxsave64 [rsp]
        call    interrupt_dispatch
        /* rax: the frame to go on with, perhaps another thread's. From here on nobody is on the stack that was left, so it may be run. */
        lea     rsp, [rax-FXSAVE_SIZE]
        mov     rcx, gs:[CPU_LEFT_STACK]
        test    rcx, rcx
        jz      1f
        mov     qword ptr gs:[CPU_LEFT_STACK], 0
        mov     dword ptr [rcx], 0
1:      fxrstor64 [rsp]
        add     rsp, FXSAVE_SIZE
        .cfi_adjust_cfa_offset -FXSAVE_SIZE
        cmp     dword ptr gs:[CPU_NMI_DEPTH], 0
        jne     2f
        .cfi_remember_state
        leave_gs
        .irp    register, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
        restore \register
        .endr
        add     rsp, 16
        .cfi_adjust_cfa_offset -16
        iretq

/* An exception inside the NMI handler returns without iret, which would let the next NMI in on top of this one's stack. */
2:      .cfi_restore_state
        cmp     dword ptr [rsp+15*8], VECTOR_NMI
        je      3f
        mov     rax, [rsp+20*8]                 /* rsp of what was interrupted: below it is free, there is no red zone */
        mov     rbx, [rsp+17*8]
        mov     rcx, [rsp+19*8]
        mov     [rax-8], rbx
        mov     [rax-16], rcx
        sub     rax, 16
        mov     [rsp+18*8], rax                 /* where cs was: the words above may just have been overwritten */
        .irp    register, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
        pop     \register
        .endr
        mov     rsp, [rsp+3*8]
        popfq
        ret

3:      dec     dword ptr gs:[CPU_NMI_DEPTH]
        leave_gs
        .irp    register, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
        pop     \register
        .endr
        add     rsp, 16
        iretq
        .cfi_endproc
        .size   interrupt_common, . - interrupt_common
        .section .note.GNU-stack, "", @progbits
