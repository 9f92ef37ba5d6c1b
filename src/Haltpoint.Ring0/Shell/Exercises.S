/* Instructions that are awkward to step over, each at a label; what it must leave is in the tests of the steps. */
        .intel_syntax noprefix
        .include "Layout.inc"
        .set    FLAG_INTERRUPT, 0x200

        .macro  at name
        .globl  steps_\name
steps_\name:
        .endm

        .text
routine exercise_steps
        push    rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        sub     rsp, 32
        .cfi_adjust_cfa_offset 32
at pushf
        pushfq
        pop     rax                             /* eax: as pushed with interrupts on */
at cli
        cli
at pushf_off
        pushfq
        pop     rdx                             /* edx: with interrupts off */
at sti
        sti
at after_sti
        nop
at popf_off
        push    rdx
        popfq
at popf_on
        push    rax
        popfq
at after_popf
        nop
at mov_ss
        mov     ecx, ss
        mov     ss, ecx
        nop
at after_mov_ss
        nop
at int3
        int3
at after_int3
        nop
at rep
        mov     ecx, 3
        mov     rsi, rsp
        lea     rdi, [rsp+8]
at rep_movsb
        rep movsb
at after_rep
        nop
at hlt
        hlt
at after_hlt
        nop
at gate
        int     VECTOR_RESCHEDULE
at after_gate
        nop
at iret
        mov     rcx, rsp
        lea     rbx, steps_after_iret[rip]
        push    SELECTOR_DATA
        push    rcx
        push    rax
        push    SELECTOR_CODE
        push    rbx
at iretq
        iretq
at after_iret
        nop
at end
        add     rsp, 32
        .cfi_adjust_cfa_offset -32
        pop     rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        ret
end     exercise_steps

routine storm_trap
        nop
        ret
end     storm_trap

routine storm_hardware
        nop
        ret
end     storm_hardware
        .section .note.GNU-stack, "", @progbits
