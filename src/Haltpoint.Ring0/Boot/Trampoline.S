/* The way of the other processors: from the real-mode page where a start-up IPI sends them to their own stack and C#. */
        .intel_syntax noprefix
        .include "Layout.inc"
        .set    MAX_CPUS, 64                    /* Cpu.Max */

        .section .rodata
        .globl  trampoline, trampoline_end
/* Copied to a page below 1 MiB; the start-up IPI sets cs to that page and ip to 0. */
        .code16
trampoline:
        cli
        cld
        mov     ax, cs
        mov     ds, ax
        lgdtd   [2f - trampoline]
        mov     eax, 0x11                       /* PE, ET */
        mov     cr0, eax
        ljmpd   0x18, offset starting_processor
        .balign 4
2:      .word   0x1f                            /* boot_gdt: four descriptors */
        .long   boot_gdt
trampoline_end:

        .section .boot.text, "ax"
        .code32
starting_processor:
        mov     eax, SELECTOR_DATA
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        mov     ebp, offset starting_processor_low
        jmp     enter_long_mode

        .code64
starting_processor_low:
        movabs  rax, offset starting_processor_high
        jmp     rax

        .text
        .type   starting_processor_high, @function
starting_processor_high:
        .cfi_startproc
        .cfi_undefined rip
        /* The APIC's number: from the leaf that has all 32 bits where there is one. */
        xor     eax, eax
        cpuid
        cmp     eax, 0xB
        jb      1f
        mov     eax, 0xB
        xor     ecx, ecx
        cpuid
        test    ebx, ebx
        jnz     2f
1:      mov     eax, 1
        cpuid
        shr     ebx, 24
        mov     edx, ebx
2:      lea     rsi, awaited_cpus[rip]
        mov     ecx, MAX_CPUS
3:      cmp     [rsi], rdx                      /* cpuid cleared the upper half */
        jne     4f
        cmp     qword ptr [rsi+8], 0
        jne     6f
4:      add     rsi, 32
        dec     ecx
        jnz     3b
5:      cli                                     /* nobody waits for it */
        hlt
        jmp     5b
6:      mov     rax, [rsi+24]                   /* the stack is mapped in the kernel's own tables only */
        mov     cr3, rax
        mov     rsp, [rsi+8]
        mov     rdi, [rsi+16]
        call    cpu_start
        ud2
        .cfi_endproc
        .size   starting_processor_high, . - starting_processor_high

        .bss
        .balign 8
        .globl  awaited_cpus
awaited_cpus:   .skip   32 * MAX_CPUS
        .section .note.GNU-stack, "", @progbits
