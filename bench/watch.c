/* Both sides of the watch benchmark.
   usage: watch target N                     prints "&cell"; after a line, writes the cell N times, prints the nanoseconds of its CPU and by the clock; ends after another line
          watch reader MODE PID ADDRESS      watches the cell as Haltpoint does, one ring per CPU; prints "ready"; after a line, prints hits and losses
   MODE: count | address | registers | stacks */
#define _GNU_SOURCE
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CPUS = 256, PAGES = 4096 };

volatile long cell;
static char line[64];

static int64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static int target(long count)
{
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    sched_setaffinity(0, sizeof first, &first);
    printf("%p\n", (void *)&cell);
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) {
        return 3;
    }
    int64_t cpu = now(CLOCK_THREAD_CPUTIME_ID), begin = now(CLOCK_MONOTONIC);
    for (long i = 0; i < count; i++) {
        cell = i;
    }
    printf("%lld %lld\n", (long long)(now(CLOCK_THREAD_CPUTIME_ID) - cpu), (long long)(now(CLOCK_MONOTONIC) - begin));
    fflush(stdout);
    return fgets(line, sizeof line, stdin) ? 0 : 3;
}

static int open_event(struct perf_event_attr *attr, int pid, int cpu)
{
    attr->size = sizeof *attr;
    return (int)syscall(SYS_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static uint64_t samples, in_copy;
static char copy[(size_t)PAGES * 4096];

/* Copies what is there, as a reader that explains later must, and counts the samples. */
static void drain(struct perf_event_mmap_page *page)
{
    char *data = (char *)page + page->data_offset;
    uint64_t tail = page->data_tail, head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
    uint64_t start = tail % page->data_size, length = head - tail;
    uint64_t first = length < page->data_size - start ? length : page->data_size - start;
    memcpy(copy, data + start, first);
    memcpy(copy + first, data, length - first);
    __atomic_store_n(&page->data_tail, head, __ATOMIC_RELEASE);
    for (in_copy = 0; in_copy < length;) {
        struct perf_event_header *header = (void *)(copy + in_copy);
        samples += header->type == PERF_RECORD_SAMPLE;
        in_copy += header->size;
    }
}

static int reader(const char *mode, int pid, uint64_t address)
{
    int counts = strcmp(mode, "count") == 0, cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    int registers = strcmp(mode, "registers") == 0 || strcmp(mode, "stacks") == 0, stacks = strcmp(mode, "stacks") == 0;
    size_t size = ((stacks ? PAGES : PAGES / 4) + 1) * 4096;
    int events[CPUS];
    struct pollfd waits[CPUS + 1];
    void *rings[CPUS];
    for (int cpu = 0; cpu < cpus; cpu++) {
        struct perf_event_attr attr = {
            .type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_DUMMY, .exclude_kernel = 1, .exclude_hv = 1, .sample_id_all = 1,
            .use_clockid = 1, .clockid = CLOCK_MONOTONIC, .watermark = 1, .wakeup_watermark = 64 * 1024,
            .sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR | PERF_SAMPLE_ID | PERF_SAMPLE_CPU
                | (registers ? PERF_SAMPLE_REGS_USER : 0) | (stacks ? PERF_SAMPLE_STACK_USER : 0),
            .sample_regs_user = registers ? 0xff03ff : 0, .sample_stack_user = stacks ? 8192 : 0};
        waits[cpu].fd = open_event(&attr, 0, cpu);
        waits[cpu].events = POLLIN;
        rings[cpu] = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, waits[cpu].fd, 0);
        attr.type = PERF_TYPE_BREAKPOINT;
        attr.config = 0;
        attr.bp_type = HW_BREAKPOINT_W;
        attr.bp_addr = address;
        attr.bp_len = 8;
        attr.sample_period = counts ? 0 : 1;
        attr.inherit = 1;
        attr.task = attr.comm = attr.mmap = attr.mmap2 = 1;
        attr.remove_on_exec = 1;
        events[cpu] = open_event(&attr, pid, cpu);
        if (rings[cpu] == MAP_FAILED || events[cpu] < 0 || ioctl(events[cpu], PERF_EVENT_IOC_SET_OUTPUT, waits[cpu].fd) != 0) {
            perror("watch reader");
            return 1;
        }
    }
    waits[cpus].fd = 0;
    waits[cpus].events = POLLIN;
    printf("ready\n");
    fflush(stdout);
    do {
        poll(waits, cpus + 1, 20);
        for (int cpu = 0; cpu < cpus; cpu++) {
            drain(rings[cpu]);
        }
    } while (!(waits[cpus].revents & POLLIN));
    uint64_t counted = 0, value;
    for (int cpu = 0; cpu < cpus; cpu++) {
        ioctl(events[cpu], PERF_EVENT_IOC_DISABLE, 0);
        drain(rings[cpu]);
        counted += read(events[cpu], &value, sizeof value) == sizeof value ? value : 0;
    }
    printf("%llu %llu\n", (unsigned long long)counted, counts ? 0ull : (unsigned long long)(counted - samples));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "target") == 0) {
        return target(atol(argv[2]));
    }
    if (argc == 5 && strcmp(argv[1], "reader") == 0) {
        return reader(argv[2], atoi(argv[3]), strtoull(argv[4], NULL, 16));
    }
    return 2;
}
