/* How a CPU that is held sleeps. */
        .intel_syntax noprefix
        .include "Layout.inc"

        .text
/* Called and left with interrupts off. eax: 1 when the vector came, 0 when something else ended the sleep. sti holds interrupts off for one
   instruction (SDM volume 2), so that one that waits already ends hlt. */
routine debugger_sleep
        xor     eax, eax
        sti
        hlt
debugger_sleep_end:
        cli
        ret
end     debugger_sleep

/* The vector's gate. A CPU may sleep inside the NMI handler, where iret would let the next NMI in on top of this one's stack: it returns as a
   routine does, with interrupts off, as the gate left them. */
        .globl  debugger_wake_entry
        .type   debugger_wake_entry, @function
debugger_wake_entry:
        .cfi_startproc
        .cfi_signal_frame
        .cfi_def_cfa rsp, 40
        .cfi_offset rip, -40
        .cfi_offset rsp, -16
        cmp     qword ptr [rsp], offset debugger_sleep_end
        jne     1f
        mov     rsp, [rsp+24]
        mov     eax, 1
        ret
1:      jmp     interrupt_entries + VECTOR_DEBUGGER_WAKE * 16   /* InterruptTable.cs */
        .cfi_endproc
        .size   debugger_wake_entry, . - debugger_wake_entry
        .section .note.GNU-stack, "", @progbits
