/* Traps with the address of an 8-byte variable in rax; then for ever writes it once and traps. */
#include <signal.h>
#include <stdint.h>
#include <sys/ptrace.h>

static volatile uint64_t watched __attribute__((aligned(8)));

int main(void)
{
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    __asm__ volatile("int3" : : "a"(&watched) : "memory");
    for (;;) {
        watched = watched + 1;
        __asm__ volatile("int3" : : : "memory");
    }
}
