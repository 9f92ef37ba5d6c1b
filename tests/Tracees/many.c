/* Starts threads, says when all of them run, and waits for a byte.
   usage: many IN OUT THREADS sleep|spin */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int started, spins;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
volatile uint64_t watched;

static void *work(void *unused)
{
    (void)unused;
    __atomic_add_fetch(&started, 1, __ATOMIC_RELAXED);
    if (spins)
    {
        /* Until all are there: the spinning ones would leave no time to start the others. */
        pthread_mutex_lock(&gate);
        pthread_mutex_unlock(&gate);
    }
    while (spins)
    {
        __asm__ volatile("pause");
    }
    for (;;)
    {
        pause();
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int in = atoi(argv[1]), out = atoi(argv[2]), threads = atoi(argv[3]);
    char byte;
    pthread_attr_t attributes;
    pthread_t thread;
    spins = argc > 4 && strcmp(argv[4], "spin") == 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 * 1024);
    pthread_mutex_lock(&gate);
    for (int i = 0; i < threads; i++)
    {
        if (pthread_create(&thread, &attributes, work, NULL) != 0)
        {
            return 2;
        }
    }
    while (__atomic_load_n(&started, __ATOMIC_RELAXED) != threads)
    {
        usleep(100);
    }
    pthread_mutex_unlock(&gate);
    dprintf(out, "%p\nready\n", (void *)&watched);
    return read(in, &byte, 1) == 1 ? 0 : 1;
}
