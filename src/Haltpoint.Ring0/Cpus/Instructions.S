/* One instruction each, for Instructions.cs. */
        .intel_syntax noprefix
        .include "Layout.inc"

        .text
routine cpu_in8
        mov     edx, edi
        xor     eax, eax
        in      al, dx
        ret
end     cpu_in8

routine cpu_out8
        mov     edx, edi
        mov     eax, esi
        out     dx, al
        ret
end     cpu_out8

routine cpu_in32
        mov     edx, edi
        in      eax, dx
        ret
end     cpu_in32

routine cpu_out16
        mov     edx, edi
        mov     eax, esi
        out     dx, ax
        ret
end     cpu_out16

routine cpu_out32
        mov     edx, edi
        mov     eax, esi
        out     dx, eax
        ret
end     cpu_out32

routine cpu_read_msr
        mov     ecx, edi
        rdmsr
        shl     rdx, 32
        or      rax, rdx
        ret
end     cpu_read_msr

routine cpu_write_msr
        mov     ecx, edi
        mov     eax, esi
        mov     rdx, rsi
        shr     rdx, 32
        wrmsr
        ret
end     cpu_write_msr

routine cpu_id
        push    rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        mov     r8, rdx
        mov     eax, edi
        mov     ecx, esi
        cpuid
        mov     [r8], eax
        mov     [r8+4], ebx
        mov     [r8+8], ecx
        mov     [r8+12], edx
        pop     rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        ret
end     cpu_id

routine cpu_timestamp
        rdtsc
        shl     rdx, 32
        or      rax, rdx
        ret
end     cpu_timestamp

routine cpu_pause
        pause
        ret
end     cpu_pause

routine cpu_disable_interrupts
        pushfq
        .cfi_adjust_cfa_offset 8
        pop     rax
        .cfi_adjust_cfa_offset -8
        cli
        ret
end     cpu_disable_interrupts

/* Only the interrupt flag: the debugger may have changed others meanwhile. */
routine cpu_restore_interrupts
        bt      rdi, 9
        jnc     1f
        sti
1:      ret
end     cpu_restore_interrupts

routine cpu_wait_for_interrupt
        sti
        hlt
        ret
end     cpu_wait_for_interrupt

routine cpu_stop
        cli
1:      hlt
        jmp     1b
end     cpu_stop

routine cpu_breakpoint
        int3
        ret
end     cpu_breakpoint

routine cpu_reschedule
        int     VECTOR_RESCHEDULE
        ret
end     cpu_reschedule

/* Segment registers keep what they cached until they are loaded again. */
routine cpu_load_descriptors
        sub     rsp, 16
        .cfi_adjust_cfa_offset 16
        dec     esi
        mov     [rsp], si
        mov     [rsp+2], rdi
        lgdt    [rsp]
        ltr     dx
        add     rsp, 16
        .cfi_adjust_cfa_offset -16
        mov     eax, SELECTOR_DATA
        mov     ss, eax
        mov     ds, eax
        mov     es, eax
        pop     rax
        .cfi_adjust_cfa_offset -8
        .cfi_register rip, rax
        push    SELECTOR_CODE
        .cfi_adjust_cfa_offset 8
        push    rax
        .cfi_adjust_cfa_offset 8
        retfq
end     cpu_load_descriptors

routine cpu_load_interrupts
        sub     rsp, 16
        .cfi_adjust_cfa_offset 16
        dec     esi
        mov     [rsp], si
        mov     [rsp+2], rdi
        lidt    [rsp]
        add     rsp, 16
        .cfi_adjust_cfa_offset -16
        ret
end     cpu_load_interrupts

routine cpu_read_fault_address
        mov     rax, cr2
        ret
end     cpu_read_fault_address

routine cpu_write_fault_address
        mov     cr2, rdi
        ret
end     cpu_write_fault_address

routine cpu_read_page_root
        mov     rax, cr3
        ret
end     cpu_read_page_root

routine cpu_write_page_root
        mov     cr3, rdi
        ret
end     cpu_write_page_root

routine cpu_forget_page
        invlpg  [rdi]
        ret
end     cpu_forget_page

        .macro  debug_register_access name, access
routine \name
        lea     rax, 1f[rip]
        mov     edi, edi
        lea     rax, [rax+rdi*8]
        jmp     rax
        .balign 8
1:
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7
        .balign 8
        .ifc    \access, read
        mov     rax, dr\number
        .else
        mov     dr\number, rsi
        .endif
        ret
        .endr
end     \name
        .endm

debug_register_access cpu_read_debug_register, read
debug_register_access cpu_write_debug_register, write

routine cpu_current
        mov     rax, gs:[CPU_SELF]
        ret
end     cpu_current

routine haltpoint_halt
        ud2
end     haltpoint_halt

routine haltpoint_halt_address
        lea     rax, haltpoint_halt[rip]
        ret
end     haltpoint_halt_address

        .globl  RhpFallbackFailFast
        .set    RhpFallbackFailFast, haltpoint_halt
        .section .note.GNU-stack, "", @progbits
