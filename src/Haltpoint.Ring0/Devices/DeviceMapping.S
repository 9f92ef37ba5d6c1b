/* One access each, of just this width: the compiler makes narrower ones of a load that is masked afterwards. */
        .intel_syntax noprefix
        .include "Layout.inc"

        .text
routine register_load8
        movzx   eax, byte ptr [rdi]
        ret
end     register_load8

routine register_store8
        mov     [rdi], sil
        ret
end     register_store8

routine register_load16
        movzx   eax, word ptr [rdi]
        ret
end     register_load16

routine register_store16
        mov     [rdi], si
        ret
end     register_store16
routine register_load32
        mov     eax, [rdi]
        ret
end     register_load32

routine register_store32
        mov     [rdi], esi
        ret
end     register_store32

routine register_load64
        mov     rax, [rdi]
        ret
end     register_load64

routine register_store64
        mov     [rdi], rsi
        ret
end     register_store64
        .section .note.GNU-stack, "", @progbits
