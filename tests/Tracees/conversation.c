/* For a debugger to talk about: its arguments are descriptors; on the second it tells its addresses. Then one thread adds to a sum for ever,
 * and the other waits for the end of what the first descriptor gives. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 0x1000

volatile long shared;
unsigned char scratch[0x800];

__attribute__((noinline)) void add_to_shared(int steps)
{
    shared += steps;
}

static void *wait_for_end(void *descriptor)
{
    char byte;
    while (read((int)(long)descriptor, &byte, 1) > 0) {
    }
    _exit(0);
}

int main(int count, char **arguments)
{
    pthread_t thread;
    char *edge = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (count < 3 || edge == MAP_FAILED || munmap(edge + PAGE, PAGE) != 0
        || pthread_create(&thread, 0, wait_for_end, (void *)strtol(arguments[1], 0, 10)) != 0) {
        return 1;
    }

    int out = (int)strtol(arguments[2], 0, 10);
    dprintf(out, "%p\n%p\n%p\n%p\n", (void *)add_to_shared, (void *)&shared, (void *)scratch, (void *)(edge + PAGE - 2));
    for (;;) {
        add_to_shared(500);
    }
}
