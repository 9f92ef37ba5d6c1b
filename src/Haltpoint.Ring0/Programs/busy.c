/* In and out of the kernel, with GS and everything else as a program may leave it; checks that nothing of it changes. */
#include "program.h"

static int round_trip(word seed)
{
    word a = seed, b = ~seed, c = seed * 3;
    double x = seed, y = x * 0.5;
    __asm__ volatile("mov %%ax, %%gs\n mov %%ax, %%fs" ::"a"(0));
    long self = CALL0(SELF);
    __asm__ volatile("int $0x80" : "+r"(b) : "a"(SELF) : "memory");
    return self > 0 && a == seed && b == ~seed && c == seed * 3 && y + y == x;
}

int main(int count, char **arguments)
{
    for (word i = 1; i < 3000; i++) {
        if (!round_trip(i))
            return 1;
        if (i % 256 == 0 && CALL0(FORK) == 0)
            CALL1(EXIT, 0);
    }
    while (CALL2(WAIT, -1, 0) > 0)
        ;
    return 42;
}
