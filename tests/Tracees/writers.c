/* Writes a variable a known number of times, at known lines.
   usage: writers IN OUT THREADS EARLY LATE CHILD     IN, OUT: descriptors; prints "&counter\n" to OUT, waits for a byte on IN, writes, prints "done\n", waits for a byte
   EARLY writes by each of THREADS threads that exist before the byte, LATE by as many started after it, CHILD by a forked child's thread and its main. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

volatile long counter;
static int in, early_count, late_count, child_count;
static pthread_barrier_t begin;

static void *early(void *unused)
{
    pthread_barrier_wait(&begin);
    for (int i = 0; i < early_count; i++) {
        counter = i; /* line: early */
    }
    return unused;
}

static void *late(void *unused)
{
    for (int i = 0; i < late_count; i++) {
        counter = i; /* line: late */
    }
    return unused;
}

static void *in_child(void *unused)
{
    for (int i = 0; i < child_count; i++) {
        counter = i; /* line: child */
    }
    return unused;
}

static void wait_byte(void)
{
    char byte;
    if (read(in, &byte, 1) != 1) {
        _exit(3);
    }
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        return 2;
    }
    in = atoi(argv[1]);
    int out = atoi(argv[2]);
    int threads = atoi(argv[3]);
    early_count = atoi(argv[4]);
    late_count = atoi(argv[5]);
    child_count = atoi(argv[6]);
    pthread_t ids[2 * threads + 1];
    pthread_barrier_init(&begin, NULL, threads + 1);
    for (int i = 0; i < threads; i++) {
        pthread_create(&ids[i], NULL, early, NULL);
    }
    dprintf(out, "%p\n", (void *)&counter);
    wait_byte();
    pthread_barrier_wait(&begin);
    for (int i = 0; i < threads; i++) {
        pthread_create(&ids[threads + i], NULL, late, NULL);
    }
    for (int i = 0; i < 2 * threads; i++) {
        pthread_join(ids[i], NULL);
    }
    if (child_count > 0) {
        pid_t child = fork();
        if (child == 0) {
            pthread_t id;
            pthread_create(&id, NULL, in_child, NULL);
            pthread_join(id, NULL);
            in_child(NULL);
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
    dprintf(out, "done\n");
    wait_byte();
    return 0;
}
