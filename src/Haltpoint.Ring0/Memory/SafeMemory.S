/* The one instruction of the kernel that may fault. */
        .intel_syntax noprefix
        .include "Layout.inc"

        .text
routine safe_copy
        mov     rcx, rdx
safe_copy_instruction:
        rep movsb                       /* rcx says at every fault how much is left */
safe_copy_end:
        mov     rax, rdx
        sub     rax, rcx
        ret
end     safe_copy

routine safe_copy_instruction_address
        lea     rax, safe_copy_instruction[rip]
        ret
end     safe_copy_instruction_address

routine safe_copy_end_address
        lea     rax, safe_copy_end[rip]
        ret
end     safe_copy_end_address
        .section .note.GNU-stack, "", @progbits
