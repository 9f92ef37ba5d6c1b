/* Processes: memory of their own, exit statuses, other programs, and what becomes of mistakes. */
#include "program.h"

static volatile int shared = 1;
static volatile word *const nowhere = (word *)0x10;

static void statuses(void)
{
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        if (CALL0(FORK) == 0) {
            for (int spin = 0; spin < 100000; spin++)
                shared += i;
            CALL1(EXIT, i);
        }
    }
    for (int i = 0; i < 8; i++) {
        int status;
        check(CALL2(WAIT, -1, &status) > 0, "a child ends");
        check((status & 0x7F) == 0, "by itself");
        sum += status >> 8;
    }
    check(sum == 28, "each has its own status");
    check(shared == 1, "and its own memory");
    check(CALL2(WAIT, -1, 0) == -10, "then there is no child");
    end_case("fork, exit, wait");
}

static void others(void)
{
    int child = CALL0(FORK);
    if (child == 0) {
        CALL2(EXECUTE, "hello", "a child");
        CALL1(EXIT, 99);
    }
    check(wait_for(child) == 8 << 8, "hello's own status");
    child = CALL0(FORK);
    if (child == 0)
        CALL1(EXIT, -CALL2(EXECUTE, "nobody", 0));
    check(wait_for(child) == 2 << 8, "ENOENT");
    end_case("exec");
}

static int ends_by(int kind)
{
    int child = CALL0(FORK);
    if (child == 0) {
        if (kind == 0)
            *nowhere = 1;
        if (kind == 1)
            __asm__ volatile("ud2");
        if (kind == 2)
            __asm__ volatile("xor %%edx, %%edx; xor %%eax, %%eax; div %%edx" ::: "eax", "edx");
        if (kind == 3)
            __asm__ volatile("cli");
        if (kind == 4)
            *(volatile word *)0xffffffff80100000 = 1;
        if (kind == 5)
            __asm__ volatile("int3");
        if (kind == 6)
            __asm__ volatile(".byte 0xf1");
        if (kind == 7)
            *(volatile char *)(word)&main = 1;
        if (kind == 8)
            __asm__ volatile("xor %%eax, %%eax; mov %%ax, %%gs; mov %%ax, %%fs; ud2" ::: "eax");
        CALL1(EXIT, 0);
    }
    return wait_for(child);
}

static void mistakes(void)
{
    static const int signals[] = { 11, 4, 8, 11, 11, 5, 5, 11, 4 };
    for (int kind = 0; kind < 9; kind++) {
        int signal = ends_by(kind);
        int is_icebp_unknown = kind == 6 && signal == 4; /* QEMU's emulation has no such instruction */
        check(signal == signals[kind] || is_icebp_unknown, "a mistake ends the program alone, by its signal");
    }
    check(call(77, 0, 0, 0, 0) == -38, "ENOSYS");
    check(CALL2(WRITE, 0xffffffff80100000, 8) == -14, "a kernel address is none of ours");
    check(CALL2(WRITE, 0x10, 8) == -14, "EFAULT");
    end_case("mistakes");
}

int main(int count, char **arguments)
{
    statuses();
    others();
    mistakes();
    return failures;
}
