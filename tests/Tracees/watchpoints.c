/* Memory to watch, with hits of a known number.
   usage: watchpoints THREADS     each thread in turn writes all of it; prints "level N sum N" and ends with status 0 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum mood { CALM = 0, ANGRY = 7 };

struct record {
    long id, length, sum;
};

volatile int level;              /* 100 writes, of which 9 change it: to 1 ... 9; back to 0 without a write in between */
volatile int balance;            /* -3, -2 ... 3 */
volatile unsigned char small;    /* 250 ... 255, 0 */
volatile enum mood mood;         /* ANGRY and back */
volatile struct record record;   /* each member 3 times */
volatile long reads;

static void rise(void)
{
    for (int i = 0; i < 100; i++) {
        level = i / 10; /* line: rise */
    }
}

static void change(void)
{
    for (int i = -3; i <= 3; i++) {
        balance = i;
    }
    for (int i = 250; i <= 256; i++) {
        small = (unsigned char)i;
    }
    mood = ANGRY;
    mood = CALM;
}

static void fill(void)
{
    for (int i = 1; i <= 3; i++) {
        record.id = i;
        record.length = 10 * i;
        record.sum = record.id + record.length;
    }
}

static void *work(void *unused)
{
    rise();
    change();
    fill();
    reads += level;
    return unused;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    for (int i = 0; i < threads; i++) {
        pthread_t id;
        pthread_create(&id, NULL, work, NULL);
        pthread_join(id, NULL);
    }
    printf("level %d sum %ld reads %ld\n", level, record.sum, reads);
    return 0;
}
