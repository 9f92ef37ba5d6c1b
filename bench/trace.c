/* Works a known number of times on an array that is looked at, and on memory that nobody looks at.
   usage: trace TOUCHES WORK      TOUCHES accesses to the array, with WORK additions in other memory before each */
#include <stdint.h>
#include <stdlib.h>

volatile uint64_t looked_at[512] __attribute__((aligned(4096)));
static volatile uint64_t other[512] __attribute__((aligned(4096)));

int main(int argc, char **argv)
{
    long touches = argc > 1 ? atol(argv[1]) : 1000, work = argc > 2 ? atol(argv[2]) : 0;
    for (long i = 0; i < touches; i++)
    {
        for (long j = 0; j < work; j++)
        {
            other[j % 512] += j;
        }
        looked_at[i % 512] = i;
    }
    return 0;
}
