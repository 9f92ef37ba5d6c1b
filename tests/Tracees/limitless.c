/* More memory to watch than there are debug registers, with hits of a known number.
   usage: limitless THREADS MODE     ends with status 0 after printing one line that says what is in the memory
   array: each thread in turn writes 3 places of a MiB and reads one of them; scattered: each of 200 variables, once with what it holds
   already and once with another value; record: the members of 24 bytes; together: the threads at once, each 5 times in places of its own. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE (1 << 20)
#define VARIABLES 200
#define APART 24
#define ROUNDS 5

struct record {
    int64_t id, length, sum;
};

char array[SIZE] __attribute__((aligned(4096)));
int64_t variables[VARIABLES * APART];
struct record record;
char *edge; /* the last byte of a mapping */
volatile int64_t beside[512] __attribute__((aligned(4096)));
volatile int64_t seen;
static pthread_barrier_t barrier;

static void write_array(int number)
{
    *(volatile char *)&array[0] += 1;                                /* line: first */
    *(volatile int32_t *)&array[SIZE / 2 - 2] += 1;                  /* line: crossing */
    *(volatile char *)&array[SIZE - 1] = (char)(number + 1);         /* line: last */
    seen += *(volatile char *)&array[0];                             /* line: read */
    beside[0]++;
}

static void write_variables(void)
{
    for (int i = 0; i < VARIABLES; i++) {
        volatile int64_t *variable = &variables[i * APART];
        *variable = *variable;                                       /* line: same */
        *variable = *variable + i + 1;                               /* line: other */
        variable[1]++;
    }
}

static void write_record(void)
{
    volatile struct record *r = &record;
    r->id = r->id + 1;                                               /* line: id */
    r->length = r->length;                                           /* line: length */
    r->sum = r->id + r->length;                                      /* line: sum */
}

static const char *mode;

static void *work(void *number)
{
    int mine = (int)(intptr_t)number;
    if (strcmp(mode, "together") == 0) {
        pthread_barrier_wait(&barrier);
        for (int i = 0; i < ROUNDS; i++) {
            array[mine * 64] += 1;                                   /* line: own */
            __atomic_add_fetch((int64_t *)&array[SIZE / 2], 1, __ATOMIC_SEQ_CST); /* line: shared */
            beside[mine]++;
        }
    } else if (strcmp(mode, "scattered") == 0) {
        write_variables();
    } else if (strcmp(mode, "record") == 0) {
        write_record();
    } else {
        write_array(mine);
    }
    return NULL;
}

static void after(void)
{
}

static void begin(void)
{
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    mode = argc > 2 ? argv[2] : "array";
    int together = strcmp(mode, "together") == 0;
    pthread_t ids[64];
    char *mapping = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(mapping + 4096, 4096);
    edge = mapping + 4095;
    pthread_barrier_init(&barrier, NULL, (unsigned)threads);
    begin();
    for (int i = 0; i < threads; i++) {
        pthread_create(&ids[i], NULL, work, (void *)(intptr_t)i);
        if (!together) {
            pthread_join(ids[i], NULL);
        }
    }
    for (int i = 0; i < threads && together; i++) {
        pthread_join(ids[i], NULL);
    }
    after();
    int32_t crossing;
    int64_t middle, total = array[0] + array[SIZE - 1];
    memcpy(&crossing, &array[SIZE / 2 - 2], sizeof crossing);
    memcpy(&middle, &array[SIZE / 2], sizeof middle);
    total += together ? middle : crossing;
    for (int i = 0; i < VARIABLES; i++) {
        total += variables[i * APART] + (together ? array[64 * i] : 0);
    }
    printf("total %ld record %ld %ld %ld seen %ld\n", total, record.id, record.length, record.sum, seen);
    return 0;
}
