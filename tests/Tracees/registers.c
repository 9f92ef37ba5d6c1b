/* Loads known values into one class of registers, traps, and checks that whoever traced it wrote the complement of each.
   usage: registers general|segments|x87|sse|avx|avx512     exit: 0 all as expected, 100 + index of the first wrong value otherwise */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

uint64_t loaded[16], stored[16], saved_rsp, stored_flags;

/* rax rbx rcx rdx rsi rdi rbp rsp r8-r15, the numbering of the description; int3 is the only instruction between load and store. */
__asm__(
    ".globl trap_general\n"
    "trap_general:\n"
    " push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    " mov %rsp, saved_rsp(%rip)\n"
    " mov loaded+0(%rip), %rax\n mov loaded+8(%rip), %rbx\n mov loaded+16(%rip), %rcx\n mov loaded+24(%rip), %rdx\n"
    " mov loaded+32(%rip), %rsi\n mov loaded+40(%rip), %rdi\n mov loaded+48(%rip), %rbp\n mov loaded+56(%rip), %rsp\n"
    " mov loaded+64(%rip), %r8\n mov loaded+72(%rip), %r9\n mov loaded+80(%rip), %r10\n mov loaded+88(%rip), %r11\n"
    " mov loaded+96(%rip), %r12\n mov loaded+104(%rip), %r13\n mov loaded+112(%rip), %r14\n mov loaded+120(%rip), %r15\n"
    " int3\n"
    " mov %rax, stored+0(%rip)\n mov %rbx, stored+8(%rip)\n mov %rcx, stored+16(%rip)\n mov %rdx, stored+24(%rip)\n"
    " mov %rsi, stored+32(%rip)\n mov %rdi, stored+40(%rip)\n mov %rbp, stored+48(%rip)\n mov %rsp, stored+56(%rip)\n"
    " mov %r8, stored+64(%rip)\n mov %r9, stored+72(%rip)\n mov %r10, stored+80(%rip)\n mov %r11, stored+88(%rip)\n"
    " mov %r12, stored+96(%rip)\n mov %r13, stored+104(%rip)\n mov %r14, stored+112(%rip)\n mov %r15, stored+120(%rip)\n"
    " mov saved_rsp(%rip), %rsp\n"
    " pushfq\n pop stored_flags(%rip)\n"
    " pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n"
    " ret\n");
void trap_general(void);

static int check(const uint64_t *was, const uint64_t *is, int count)
{
    for (int i = 0; i < count; i++) {
        if (is[i] != ~was[i]) {
            return 100 + i;
        }
    }
    return 0;
}

static int general(void)
{
    for (int i = 0; i < 16; i++) {
        loaded[i] = 0x1111111111111111ull * (i + 1);
    }
    trap_general();
    int wrong = check(loaded, stored, 16);
    return wrong ? wrong : (stored_flags & 0x1) == 0 ? 116 : 0; /* carry is to be set */
}

int main(int argc, char **argv)
{
    (void)argc;
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    if (strcmp(argv[1], "general") == 0) {
        return general();
    }
    return 99;
}
