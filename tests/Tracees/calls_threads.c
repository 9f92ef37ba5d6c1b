/* Futexes, and what the C library builds from them, in memory that may be trapped (calls.h).
   Counts are the same whatever happens when; nothing of their accesses is foretold. */
#include "calls.h"
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#define THREADS 4
#define ROUNDS 50

static long futex(void *word, int operation, unsigned value, void *timeout, void *other, unsigned third)
{
    return syscall(SYS_futex, word, operation, value, timeout, other, third);
}

static uint32_t *word;

static void *waiter(void *none)
{
    while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == 0) {
        futex(word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    }
    __atomic_add_fetch(word + 1, 1, __ATOMIC_SEQ_CST);
    futex(word + 1, FUTEX_WAKE_PRIVATE, 1000, NULL, NULL, 0);
    return none;
}

static void words(void)
{
    word = (uint32_t *)(region + ARMED + 64);
    word[0] = word[1] = 0;
    struct timespec *time = (struct timespec *)(region + SECOND - 8);
    *time = (struct timespec){ 0, 1000000 };
    result("wait in vain", futex(word, FUTEX_WAIT_PRIVATE, 0, time, NULL, 0));
    expect("futex", 'r', ARMED + 64, 4);
    expect("futex", 'r', SECOND - 8, 16);
    result("wait for another", futex(word, FUTEX_WAIT, 1, NULL, NULL, 0));
    expect("futex", 'r', ARMED + 64, 4);
    result("wake nobody", futex(word, FUTEX_WAKE, 1, NULL, NULL, 0));
    result("add and wake", futex(word, FUTEX_WAKE_OP, 1, NULL, word + 2, FUTEX_OP(FUTEX_OP_SET, 77, FUTEX_OP_CMP_EQ, 1)));
    expect("futex", 'r', ARMED + 72, 4);
    expect("futex", 'w', ARMED + 72, 4);
    say("%u\n", word[2]);
    word[2] = 0;
    result("lock", futex(word + 2, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    expect("futex", 'r', ARMED + 72, 4);
    expect("futex", 'w', ARMED + 72, 4);
    say("%d\n", word[2] == (uint32_t)gettid());
    result("unlock", futex(word + 2, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    expect("futex", 'r', ARMED + 72, 4);
    expect("futex", 'w', ARMED + 72, 4);
    say("%u\n", word[2]);
}

static void wakes(void)
{
    word = (uint32_t *)(region + ARMED + 64);
    word[0] = word[1] = 0;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        pthread_create(threads + i, NULL, waiter, NULL);
    }
    __atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
    futex(word, FUTEX_WAKE_PRIVATE, 1000, NULL, NULL, 0);
    uint32_t seen;
    while ((seen = __atomic_load_n(word + 1, __ATOMIC_SEQ_CST)) != THREADS) {
        futex(word + 1, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    say("%u\n", word[1]);
}

struct shared {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    pthread_barrier_t barrier;
    pthread_rwlock_t readers;
    sem_t semaphore;
    long count;
    long turn;
    long read;
};

static struct shared *shared;

static void *worker(void *argument)
{
    long number = (long)argument;
    for (int round = 0; round < ROUNDS; round++) {
        pthread_mutex_lock(&shared->mutex);
        while (shared->turn != number) {
            pthread_cond_wait(&shared->condition, &shared->mutex);
        }
        shared->count = shared->count * 3 + number;
        shared->turn = (number + 1) % THREADS;
        pthread_cond_broadcast(&shared->condition);
        pthread_mutex_unlock(&shared->mutex);
    }
    pthread_barrier_wait(&shared->barrier);
    for (int round = 0; round < ROUNDS; round++) {
        sem_wait(&shared->semaphore);
        shared->read++;
        sem_post(&shared->semaphore);
        pthread_rwlock_rdlock(&shared->readers);
        pthread_rwlock_unlock(&shared->readers);
    }
    return NULL;
}

static void library(void)
{
    /* the mutex at the end of one trapped page and the beginning of the next, the rest behind it */
    shared = (struct shared *)(region + ARMED + PAGE - 16);
    memset(shared, 0, sizeof *shared);
    pthread_mutex_init(&shared->mutex, NULL);
    pthread_cond_init(&shared->condition, NULL);
    pthread_barrier_init(&shared->barrier, NULL, THREADS + 1);
    pthread_rwlock_init(&shared->readers, NULL);
    sem_init(&shared->semaphore, 0, 1);
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++) {
        pthread_create(threads + i, NULL, worker, (void *)i);
    }
    pthread_barrier_wait(&shared->barrier);
    say("%lx\n", (unsigned long)shared->count);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    say("%ld\n", shared->read);
    pthread_mutex_lock(&shared->mutex);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_nsec = (now.tv_nsec + 2000000) % 1000000000;
    say("%s\n", strerror(pthread_cond_timedwait(&shared->condition, &shared->mutex, &now)));
}

int main(int argc, char **argv)
{
    static const struct section sections[] = {
        { "words", words }, { "wakes", wakes }, { "library", library }, { NULL, NULL },
    };
    return run_section(argc, argv, sections);
}
