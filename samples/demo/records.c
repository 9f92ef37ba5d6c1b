// Four threads, each with a record of its own. One of them now and then writes past the end of its record,
// into the one that belongs to the next thread. haltpoint demo finds out who.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { RECORDS = 4, SAMPLES = 6, ROUNDS_BETWEEN_MISTAKES = 400 };

struct record {
    long owner;
    long samples[SAMPLES];
};

static struct record records[RECORDS];

static void store_samples(struct record *record, int count, long value)
{
    for (int i = 0; i < count; i++)
        record->samples[i] = value + i;
}

static void *sampler(void *argument)
{
    struct record *own = argument;
    struct timespec pause = { .tv_nsec = 100000 };

    for (long round = 1;; round++) {
        int is_mistaken = own == &records[1] && round % ROUNDS_BETWEEN_MISTAKES == 0;
        store_samples(own, is_mistaken ? SAMPLES + 1 : SAMPLES, 1000 * round);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void records_are_ready(void)
{
    puts("records are ready");
}

int main(void)
{
    pthread_t threads[RECORDS];
    char name[16];

    for (int i = 0; i < RECORDS; i++)
        records[i].owner = i;
    records_are_ready();

    for (int i = 0; i < RECORDS; i++) {
        pthread_create(&threads[i], NULL, sampler, &records[i]);
        snprintf(name, sizeof name, "sampler-%d", i);
        pthread_setname_np(threads[i], name);
    }
    pthread_join(threads[0], NULL);
    return 0;
}
