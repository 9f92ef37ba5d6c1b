/* The first code of every thread: what it calls has nothing to return to, and an unwinder is told so. */
        .intel_syntax noprefix
        .include "Layout.inc"

        .text
        .globl  thread_entry
        .type   thread_entry, @function
/* rdi: where to begin; rsi: its argument. rsp as after a call. */
thread_entry:
        .cfi_startproc
        .cfi_undefined rip
        mov     rax, rdi
        mov     rdi, rsi
        sub     rsp, 8
        call    rax
        call    thread_end
        ud2
        .cfi_endproc
        .size   thread_entry, . - thread_entry

routine thread_entry_address
        lea     rax, thread_entry[rip]
        ret
end     thread_entry_address
        .section .note.GNU-stack, "", @progbits
