/* Accesses of every kind to a page of registers, with values that whoever reads the trace can work out. Each instruction that touches the
   page has a symbol hammer_at_N, in order; HammerPlan.cs of the tests says what each does. */
        .intel_syntax noprefix
        .include "Layout.inc"

        .macro  at name, instruction:vararg
        .globl  \name
\name:  \instruction
        .endm

        .text
/* rdi: 256 bytes of this CPU's own; rsi: 64 bytes that all share; rdx: a number; rcx: 64 bytes of memory, the first 16 of them to compare with */
routine hammer_round
        push    rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        push    r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r12, 0
        push    r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r13, 0
        mov     r12, rdi
        mov     r13, rsi
        mov     rbx, rcx
        movabs  rax, 0x0102030405060709
        imul    rax, rdx
        mov     r8, rax
/* Stores of every width, from registers and immediates. */
        at      hammer_at_1, mov     [r12], al
        at      hammer_at_2, mov     [rdi+1], ah
        at      hammer_at_3, mov     [r12+2], ax
        at      hammer_at_4, mov     [r12+4], r8d
        at      hammer_at_5, mov     [r12+8], r8
        mov     ecx, 2
        at      hammer_at_6, mov     dword ptr [r12+rcx*8], 0x12345678
        at      hammer_at_7, mov     qword ptr [r12+24], -2
        at      hammer_at_8, movnti  [r12+32], rax
        at      hammer_at_9, mov     [r12+41], eax                   /* not aligned */
/* Loads, extended and not, and operands of arithmetic. */
        at      hammer_at_10, movzx   ecx, byte ptr [r12]
        at      hammer_at_11, movsx   rcx, byte ptr [r12+1]
        at      hammer_at_12, movzx   ecx, word ptr [r12+2]
        at      hammer_at_13, mov     ecx, [r12+4]
        at      hammer_at_14, mov     rcx, [r12+8]
        at      hammer_at_15, cmp     [r12+4], eax
        jne     hammer_wrong
        at      hammer_at_16, add     rcx, [r12+24]
        lea     r9, [r8-2]
        cmp     rcx, r9
        jne     hammer_wrong
        at      hammer_at_17, imul    ecx, [r12+16], 3
        cmp     ecx, 0x369D0368
        jne     hammer_wrong
/* Vectors and x87. */
        movq    xmm1, rax
        punpcklqdq xmm1, xmm1
        at      hammer_at_18, movaps  [r12+48], xmm1
        at      hammer_at_19, movups  xmm2, [r12+48]
        at      hammer_at_20, movss   [r12+64], xmm2
        at      hammer_at_21, movsd   [r12+72], xmm2
        at      hammer_at_22, pxor    xmm2, [r12+48]
        movq    r9, xmm2
        test    r9, r9
        jnz     hammer_wrong
        at      hammer_at_23, fild    qword ptr [r12+8]
        at      hammer_at_24, fistp   qword ptr [r12+80]
        movaps  xmm3, hammer_mask[rip]
        lea     rdi, [r12+96]
        at      hammer_at_25, maskmovdqu xmm1, xmm3
/* Strings. */
        lea     rdi, [r12+112]
        mov     ecx, 3
        at      hammer_at_26, rep stosw
        mov     rsi, rbx
        lea     rdi, [r12+120]
        mov     ecx, 5
        at      hammer_at_27, rep movsb
        lea     rsi, [r12+8]
        lea     rdi, [rbx+32]
        mov     ecx, 2
        at      hammer_at_28, rep movsd
        cmp     r8, [rbx+32]
        jne     hammer_wrong
        mov     rsi, rbx
        lea     rdi, [r12+120]
        mov     ecx, 8
        at      hammer_at_29, repe cmpsb                              /* five are equal, the sixth is not */
        cmp     ecx, 2
        jne     hammer_wrong
        lea     rsi, [r12+8]
        at      hammer_at_30, lodsq
        cmp     rax, r8
        jne     hammer_wrong
/* Read, modify, write. */
        at      hammer_at_31, inc     dword ptr [r12+128]
        at      hammer_at_32, not     byte ptr [r12+132]
        at      hammer_at_33, shl     word ptr [r12+2], 3
        at      hammer_at_34, xchg    [r12+136], rax
        mov     ecx, 77
        at      hammer_at_35, btc     [r12+144], rcx                  /* bit 13 of the second eight bytes */
        mov     rax, r8
        mov     rcx, r8
        not     rcx
        at      hammer_at_36, lock cmpxchg [r12+8], rcx
        jne     hammer_wrong
        lea     rax, [r8+1]
        at      hammer_at_37, lock cmpxchg [r12+32], rcx              /* fails, and writes what was there */
        je      hammer_wrong
        at      hammer_at_38, push    qword ptr [r12+24]
        .cfi_adjust_cfa_offset 8
        at      hammer_at_39, pop     qword ptr [r12+160]
        .cfi_adjust_cfa_offset -8
/* What all CPUs share: each value must be the one that the CPU before left. */
        at      hammer_at_40, lock inc dword ptr [r13]
        mov     ecx, 3
        at      hammer_at_41, lock xadd [r13+8], rcx
        at      hammer_at_42, lock add word ptr [r13+16], 5
        at      hammer_at_43, lock xor byte ptr [r13+18], 0x55
        mov     eax, 1
        jmp     1f
hammer_wrong:
        xor     eax, eax
1:      pop     r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore r13
        pop     r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        pop     rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        ret
end     hammer_round

/* rdi: 32 bytes of registers that take 4 and 8 bytes at a time; rsi: a number. What was stored last, by whoever, is what is loaded. */
routine hammer_device
        at      hammer_device_at_1, mov     [rdi], rsi
        at      hammer_device_at_2, mov     rax, [rdi]
        at      hammer_device_at_3, mov     dword ptr [rdi+8], 0x1234
        at      hammer_device_at_4, mov     eax, [rdi+8]
        movq    xmm0, rsi
        punpcklqdq xmm0, xmm0
        at      hammer_device_at_5, movups  [rdi], xmm0
        at      hammer_device_at_6, movups  xmm1, [rdi]
        push    rdi
        .cfi_adjust_cfa_offset 8
        mov     rax, rsi
        mov     ecx, 2
        at      hammer_device_at_7, rep stosq
        pop     rdi
        .cfi_adjust_cfa_offset -8
        at      hammer_device_at_8, lock inc qword ptr [rdi]
        at      hammer_device_at_9, lock xadd [rdi+8], rsi
        ret
end     hammer_device

/* rdi: a register of four bytes. For NMI handlers. */
routine hammer_count
        at      hammer_nmi_at_1, lock inc dword ptr [rdi]
        ret
end     hammer_count

        .section .rodata
        .balign 16
hammer_mask:    .byte 0x80, 0, 0, 0x80, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0xFF
        .section .note.GNU-stack, "", @progbits
