/* Works a known number of times on an array that is looked at, and on memory that nobody looks at.
   usage: trace TOUCHES WORK      TOUCHES accesses to the array, with WORK additions in other memory before each
   Prints the nanoseconds that took. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

volatile uint64_t looked_at[512] __attribute__((aligned(4096)));
static volatile uint64_t other[512] __attribute__((aligned(4096)));

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

int main(int argc, char **argv)
{
    long touches = argc > 1 ? atol(argv[1]) : 1000, work = argc > 2 ? atol(argv[2]) : 0;
    int64_t start = now();
    for (long i = 0; i < touches; i++)
    {
        for (long j = 0; j < work; j++)
        {
            other[j % 512] += j;
        }
        looked_at[i % 512] = i;
    }
    printf("%lld\n", (long long)(now() - start));
    return 0;
}
