/* Threads with a variable of their own in the program and in a library; those with an even number use the library's.
   usage: thread_locals IN OUT THREADS [LIBRARY [OTHER]]
   Writes a line for each thread: its number, the address of the program's variable, that of the library's or 0; then the link maps
   of program and library. With OTHER: after a byte it unloads LIBRARY, loads OTHER and writes the link map of that. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

__thread int in_program = 7;
static int in, out;
static int *(*touch_library)(int);
static pthread_barrier_t turn;

static void report(long number)
{
    in_program = 100 + number;
    dprintf(out, "%d %p %p\n", gettid(), (void *)&in_program, number % 2 == 0 && touch_library ? (void *)touch_library(200 + number) : NULL);
}

static void *run(void *number)
{
    report((long)number);
    pthread_barrier_wait(&turn);
    pause();
    return NULL;
}

/* Every thread has set its variables. */
__attribute__((noinline)) void ready(void)
{
    __asm__("");
}

int main(int argc, char **argv)
{
    char byte;
    int threads = atoi(argv[3]);
    void *library = NULL;
    in = atoi(argv[1]), out = atoi(argv[2]);
    pthread_barrier_init(&turn, NULL, 2);
#ifndef STATIC
    if (argc > 4) {
        library = dlopen(argv[4], RTLD_NOW);
        touch_library = (int *(*)(int))dlsym(library, "touch_library");
    }
#endif
    report(0);
    for (long i = 1; i < threads; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, run, (void *)i);
        pthread_barrier_wait(&turn);
    }
#ifndef STATIC
    dprintf(out, "0 %p %p\n", (void *)_r_debug.r_map, library);
    if (argc > 5) {
        if (read(in, &byte, 1) != 1) {
            return 1;
        }
        dlclose(library);
        library = dlopen(argv[5], RTLD_NOW);
        touch_library = (int *(*)(int))dlsym(library, "touch_library");
        report(0);
        dprintf(out, "0 %p %p\n", (void *)_r_debug.r_map, library);
    }
#else
    (void)library;
#endif
    ready();
    return read(in, &byte, 1) != 1;
}
