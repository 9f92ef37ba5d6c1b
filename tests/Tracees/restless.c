/* A program whose threads access watched pages all the time, and that finds out whether anything of a debugger is left.
   usage: restless      prints "&pages\n" to stderr: two pages that 4 threads count in, at bytes before 1024. Answers each byte on its input:
   'c' with "counting" when they have counted on a while; all others, when each has counted on, with "ok N" when the counts, its mappings and its
   handlers for SIGSEGV and SIGTRAP are right, a line that says what is wrong otherwise. Ends with the input. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define THREADS 4
#define PAGE 4096

static char *pages;
static volatile int hold, stop;
static volatile uint64_t own[THREADS];
static pthread_barrier_t all_here;
static sigjmp_buf back;
static volatile int faults;

static void on_fault(int signal)
{
    faults += signal;
    siglongjmp(back, 1);
}

static void on_trap(int signal)
{
    faults += signal;
}

static void *count(void *number)
{
    long mine = (long)number;
    uint64_t *slot = (uint64_t *)(pages + 64 * mine);
    uint64_t *shared = (uint64_t *)(pages + PAGE);
    uint64_t *sum = (uint64_t *)(pages + PAGE + 128 + 8 * mine);
    while (!stop) {
        if (hold) {
            pthread_barrier_wait(&all_here);
            pthread_barrier_wait(&all_here);
            continue;
        }
        /* some are emulated and some executed elsewhere */
        __asm__ volatile("incq %0" : "+m"(*slot));
        __atomic_add_fetch(shared, 1, __ATOMIC_SEQ_CST);
        uint64_t value;
        __asm__ volatile("movq %1, %0" : "=r"(value) : "m"(*sum));
        value += 3;
        __asm__ volatile("movq %1, %0" : "=m"(*sum) : "r"(value));
        own[mine]++;
    }
    return NULL;
}

static uint64_t total(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < THREADS; i++) {
        sum += own[i];
    }
    return sum;
}

static uint64_t mappings(void)
{
    static char line[1024];
    uint64_t hash = 1;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps)) {
        for (char *c = line; *c; c++) {
            hash = (hash ^ (unsigned char)*c) * 1099511628211u;
        }
    }
    fclose(maps);
    return hash;
}

static const char *look(uint64_t before)
{
    uint64_t sum = total();
    int agree = 1;
    for (int i = 0; i < THREADS; i++) {
        agree &= *(volatile uint64_t *)(pages + 64 * i) == own[i] && *(volatile uint64_t *)(pages + PAGE + 128 + 8 * i) == 3 * own[i];
    }
    if (!agree || *(volatile uint64_t *)(pages + PAGE) != sum) {
        return "wrong counts";
    }
    struct sigaction fault, trap;
    sigaction(SIGSEGV, NULL, &fault);
    sigaction(SIGTRAP, NULL, &trap);
    if (fault.sa_handler != on_fault || trap.sa_handler != on_trap) {
        return "other handlers";
    }
    faults = 0;
    if (sigsetjmp(back, 1) == 0) {
        *(volatile char *)16 = 1;
    }
    raise(SIGTRAP);
    if (faults != SIGSEGV + SIGTRAP) {
        return "handlers that are not called";
    }
    return mappings() == before ? "ok" : "other mappings";
}

int main(void)
{
    static char output[1 << 12];
    pthread_t threads[THREADS];
    setvbuf(stdout, output, _IOLBF, sizeof output);
    signal(SIGSEGV, on_fault);
    signal(SIGTRAP, on_trap);
    pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 0, 2 * PAGE);
    pthread_barrier_init(&all_here, NULL, THREADS + 1);
    hold = 1;
    for (long i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, count, (void *)i);
    }
    pthread_barrier_wait(&all_here);
    mappings();
    uint64_t before = mappings();
    hold = 0;
    pthread_barrier_wait(&all_here);
    fprintf(stderr, "%p\n", (void *)pages);
    char byte;
    while (read(0, &byte, 1) == 1) {
        if (byte == 'c') {
            for (uint64_t then = total(); total() - then < 100;) {
                usleep(100);
            }
            fprintf(stderr, "counting\n");
            continue;
        }
        for (int i = 0; i < THREADS; i++) {
            for (uint64_t then = own[i]; own[i] == then;) {
                usleep(100);
            }
        }
        hold = 1;
        pthread_barrier_wait(&all_here);
        const char *found = look(before);
        fprintf(stderr, "%s %lu\n", found, own[0]);
        hold = 0;
        pthread_barrier_wait(&all_here);
    }
    stop = 1;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
