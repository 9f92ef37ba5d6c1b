/* Threads that count through a function.
   usage: workers IN OUT THREADS COUNT
   Writes the addresses of step_here, counter and flag, waits for a byte, starts the threads, waits for them all, writes the sum. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

volatile uint64_t counter, flag;
static int count;

__attribute__((noinline)) void step_here(void)
{
    __atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED);
}

static void *work(void *unused)
{
    (void)unused;
    for (int i = 0; i < count; i++)
    {
        step_here();
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int in = atoi(argv[1]), out = atoi(argv[2]), threads = atoi(argv[3]);
    char byte;
    count = atoi(argv[4]);
    dprintf(out, "%p\n%p\n%p\n", (void *)step_here, (void *)&counter, (void *)&flag);
    if (read(in, &byte, 1) != 1)
    {
        return 1;
    }
    pthread_t *all = calloc(threads, sizeof *all);
    for (int i = 0; i < threads; i++)
    {
        pthread_create(&all[i], NULL, work, NULL);
    }
    for (int i = 0; i < threads; i++)
    {
        pthread_join(all[i], NULL);
    }
    flag = counter;
    dprintf(out, "%d\n", (int)counter);
    return argc - 5;
}
