/* The linker's addresses as functions, for ImageLayout.cs. */
        .intel_syntax noprefix
        .include "Layout.inc"

        .macro  address_of name, label
routine \name
        lea     rax, \label[rip]
        ret
end     \name
        .endm

        .text
address_of image_text_start, kernel_text_start
address_of image_text_end, kernel_text_end
address_of image_read_only_end, kernel_read_only_end
address_of image_end, kernel_end
address_of image_unwind_index, kernel_unwind_index
address_of image_symbols, kernel_symbols
address_of image_interrupt_entries, interrupt_entries
address_of image_debugger_wake_entry, debugger_wake_entry
address_of image_boot_stack_top, boot_stack_top
address_of image_trampoline, trampoline
address_of image_trampoline_end, trampoline_end
address_of image_awaited_cpus, awaited_cpus
address_of user_programs_address, user_programs
        .section .note.GNU-stack, "", @progbits
