#include "program.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

volatile long watched;
unsigned char block[BLOCK];

__asm__(".globl range_start, range_end\n"
        ".type range_start, @function\n"
        "range_start: mov $1000, %ecx\n"
        "1: dec %ecx\n"
        "jnz 1b\n"
        "range_end: ret\n");

__attribute__((noipa)) void called(long n) { watched = n; }

__attribute__((noipa)) void finish(void) { watched = 0; }

void run(const char *what)
{
    while (strcmp(what, "range") == 0)
        range_start();
    while (strcmp(what, "calls") == 0) {
        for (long n = 0; n < CALLS; n++)
            called(n);
        finish();
    }
    for (long n = 0;; n++)
        watched = n;
}

static pthread_barrier_t started;

static void *sleeper(void *unused)
{
    pthread_barrier_wait(&started);
    for (;;)
        pause();
    return unused;
}

void start_sleepers(int count)
{
    pthread_attr_t small;
    pthread_barrier_init(&started, NULL, count + 1);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 * 1024);
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        if (pthread_create(&thread, &small, sleeper, NULL) != 0) {
            fprintf(stderr, "cannot start %d threads\n", count);
            exit(2);
        }
    }
    pthread_barrier_wait(&started);
}
