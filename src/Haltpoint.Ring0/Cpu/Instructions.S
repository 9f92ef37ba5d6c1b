/* One instruction each, for Instructions.cs. */
        .intel_syntax noprefix

        .macro  routine name
        .globl  \name
        .type   \name, @function
\name:
        .cfi_startproc
        .endm

        .macro  end name
        .cfi_endproc
        .size   \name, . - \name
        .endm

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

routine cpu_out32
        mov     edx, edi
        mov     eax, esi
        out     dx, eax
        ret
end     cpu_out32

routine haltpoint_halt
        ud2
end     haltpoint_halt

        .globl  RhpFallbackFailFast
        .set    RhpFallbackFailFast, haltpoint_halt
        .section .note.GNU-stack, "", @progbits
