/* From the loader to C#: from 32-bit protected mode without paging to long mode at the kernel's own addresses. */
        .intel_syntax noprefix
        .include "Layout.inc"

/* For loaders of the x86/HVM direct boot ABI ("PVH"). */
        .section .note.Xen, "a", @note
        .balign 4
        .long   4, 8, 18                /* XEN_ELFNOTE_PHYS32_ENTRY */
        .asciz  "Xen"
        .quad   pvh_start

/* For GRUB and others that know Multiboot2 (specification 2.0, section 3.1), from a PC's BIOS and from UEFI. */
        .section .multiboot, "a"
        .balign 8
multiboot_header:
        .long   0xE85250D6, 0, multiboot_end - multiboot_header, -(0xE85250D6 + multiboot_end - multiboot_header)
        .short  3, 0                    /* the entry of this loader */
        .long   12, multiboot_start, 0
        .short  0, 0
        .long   8
multiboot_end:

        .section .boot.text, "ax"
        .code32
        .globl  pvh_start
/* ebx: physical address of hvm_start_info. */
pvh_start:
        mov     eax, PVH_MAGIC
/* eax: the loader's magic number; ebx: physical address of what it hands over. */
multiboot_start:
        mov     esi, eax
        cld
        cli
        mov     esp, offset boot_stack_low
        mov     edi, offset boot_directories
        mov     eax, 0x83               /* present, writable, 2 MiB */
        mov     ecx, 4 * 512            /* the first 4 GiB */
1:      mov     [edi], eax
        mov     dword ptr [edi+4], 0
        add     eax, 0x200000
        add     edi, 8
        dec     ecx
        jnz     1b

        mov     eax, offset boot_directories + 3
        mov     edi, offset boot_low
        mov     ecx, 4
2:      mov     [edi], eax
        add     eax, 0x1000
        add     edi, 8
        dec     ecx
        jnz     2b

        /* The same 4 GiB where they are and in the direct map; the first one of them at the kernel's addresses. */
        mov     dword ptr boot_tables, offset boot_low + 3
        mov     dword ptr boot_tables + 256 * 8, offset boot_low + 3
        mov     dword ptr boot_tables + 511 * 8, offset boot_high + 3
        mov     dword ptr boot_high + 510 * 8, offset boot_directories + 3
        mov     ebp, offset boot_processor
        jmp     enter_long_mode

        .globl  enter_long_mode
/* ebp: where to go on in long mode, a low address. Also the way of every other processor, which comes with flat segments. */
enter_long_mode:
        mov     eax, cr4
        or      eax, CR4_START
        mov     cr4, eax
        mov     eax, offset boot_tables
        mov     cr3, eax
        mov     ecx, MSR_EFER
        rdmsr
        or      eax, EFER_START
        wrmsr
        mov     eax, CR0_START
        mov     cr0, eax
        lgdt    boot_gdt_pointer
        ljmp    SELECTOR_CODE, offset 1f
        .code64
1:      mov     eax, SELECTOR_DATA
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        xor     eax, eax
        mov     fs, eax
        mov     gs, eax
        mov     eax, ebp
        jmp     rax

boot_processor:
        mov     edi, esi
        mov     esi, ebx
        movabs  rax, offset boot_processor_high
        jmp     rax

        .section .boot.data, "aw"
        .balign 8
        .globl  boot_gdt
boot_gdt:
        .quad   0
        .quad   0x00af9b000000ffff      /* SELECTOR_CODE: 64-bit code */
        .quad   0x00cf93000000ffff      /* SELECTOR_DATA */
        .quad   0x00cf9b000000ffff      /* 0x18: 32-bit code, for Trampoline.S */
boot_gdt_end:
boot_gdt_pointer:
        .word   boot_gdt_end - boot_gdt - 1
        .long   boot_gdt

        .section .boot.bss, "aw", @nobits
        .balign 4096
        .globl  boot_tables
boot_tables:            .skip 4096
boot_low:               .skip 4096
boot_high:              .skip 4096
boot_directories:       .skip 4 * 4096
        .skip   64
boot_stack_low:

        .text
        .type   boot_processor_high, @function
boot_processor_high:
        .cfi_startproc
        .cfi_undefined rip
        lea     rsp, boot_stack_top[rip]
        call    kernel_start
        ud2
        .cfi_endproc
        .size   boot_processor_high, . - boot_processor_high

        .bss
        .balign 4096
        .globl  boot_stack, boot_stack_top
boot_stack:     .skip   STACK_SIZE
boot_stack_top:
        .section .note.GNU-stack, "", @progbits
