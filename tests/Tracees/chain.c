/* Chains of threads, each of which starts the next and ends at once: whoever looks at the list finds only those that are about to go.
   usage: chain IN OUT chains      writes the address of a function that each calls, goes on until a byte comes, writes "over"
          chain IN OUT leader      writes "ready", waits for a byte; the first thread ends, another waits for that and a byte and ends the process */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int is_over;
static int in;
static pthread_t first;

__attribute__((noinline)) static void link_up(void)
{
    __asm__ volatile("");
}

static void *link_fn(void *unused)
{
    pthread_attr_t detached;
    pthread_t next;
    (void)unused;
    link_up();
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    while (!is_over && pthread_create(&next, &detached, link_fn, NULL) != 0)
    {
    }
    return NULL;
}

static void *end_later(void *unused)
{
    char byte;
    (void)unused;
    pthread_join(first, NULL);
    exit(read(in, &byte, 1) == 1 ? 5 : 1);
}

int main(int argc, char **argv)
{
    int out = atoi(argv[2]);
    char byte;
    pthread_t thread;
    in = atoi(argv[1]);
    if (argc > 3 && strcmp(argv[3], "leader") == 0)
    {
        first = pthread_self();
        pthread_create(&thread, NULL, end_later, NULL);
        dprintf(out, "ready\n");
        if (read(in, &byte, 1) == 1)
        {
            pthread_exit(NULL);
        }
        return 1;
    }
    for (int i = 0; i < 8; i++)
    {
        link_fn(NULL);
    }
    dprintf(out, "%p\n", (void *)link_up);
    if (read(in, &byte, 1) != 1)
    {
        return 1;
    }
    is_over = 1;
    dprintf(out, "over\n");
    return 0;
}
