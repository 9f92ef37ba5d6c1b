/* The figures of the ring-0 kernel's "bench", from Linux in the same emulator: switches between two processes with watches, and reserving a slot.
   Run in the guest of eng/linux-guest by Haltpoint.Bench.Ring0. Prints lines "figure NAME NANOSECONDS". */
#define _GNU_SOURCE
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 11, TRIPS = 1000, RESERVATIONS = 200, CPU = 1 };

static long words[8];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static int watch(pid_t thread, void *address)
{
    struct perf_event_attr attributes = { .type = PERF_TYPE_BREAKPOINT, .size = sizeof attributes, .bp_type = HW_BREAKPOINT_W, .pinned = 1, .exclude_kernel = 1 };
    attributes.bp_addr = (unsigned long)address;
    attributes.bp_len = HW_BREAKPOINT_LEN_8;
    int event = syscall(SYS_perf_event_open, &attributes, thread, -1, -1, 0);
    if (event < 0) {
        perror("perf_event_open");
        exit(1);
    }
    return event;
}

/* A byte there and back through two pipes: two switches, each with a read and a write. */
static void measure_switches(int watches)
{
    int there[2], back[2], events[4];
    char byte = 0;
    if (pipe(there) || pipe(back))
        exit(1);
    pid_t other = fork();
    for (int i = 0; i < watches; i++)
        events[i] = watch(0, &words[other ? i : 4 + i]);
    if (!other) {
        close(there[1]);
        while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1)
            ;
        _exit(0);
    }
    double start = 0;
    for (int i = -1; i < TRIPS; i++) {
        start = i == 0 ? now() : start;
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
            exit(1);
    }
    printf("figure linux_switch-%d %.0f\n", watches, (now() - start) / (2 * TRIPS));
    for (int end = 0; end < 2; end++) {
        close(there[end]);
        close(back[end]);
    }
    waitpid(other, 0, 0);
    for (int i = 0; i < watches; i++)
        close(events[i]);
}

static void *sleep_on(void *thread)
{
    *(pid_t *)thread = gettid();
    while (pause())
        ;
    return 0;
}

static void measure_slots(int tasks)
{
    static int have;
    pid_t self = gettid();
    if (have == 0) {
        watch(self, &words[0]);
        have = 1;
    }
    for (; have < tasks; have++) {
        volatile pid_t id = 0;
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, 65536);
        if (pthread_create(&thread, &attributes, sleep_on, (void *)&id))
            exit(1);
        while (!id)
            sched_yield();
        watch(id, &words[0]);
    }
    double start = now();
    for (int i = 0; i < RESERVATIONS; i++)
        close(watch(self, &words[1]));
    printf("figure linux_slots-%d %.0f\n", tasks, (now() - start) / RESERVATIONS);
}

int main(void)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(CPU, &cpus);
    sched_setaffinity(0, sizeof cpus, &cpus);
    struct rlimit files = { 4096, 4096 };
    setrlimit(RLIMIT_NOFILE, &files);
    setvbuf(stdout, 0, _IONBF, 0);
    for (int round = 0; round < ROUNDS; round++) {
        measure_switches(0);
        measure_switches(1);
        measure_switches(4);
    }
    for (int tasks = 1; tasks <= 1000; tasks *= 10)
        for (int round = 0; round < ROUNDS; round++)
            measure_slots(tasks);
    return 0;
}
