/* For Haltpoint.Bench.PageTraps: programs whose memory is watched, and what watching could cost at best.
   pagetraps target KIND COUNT [now]  prints "PID ADDRESS", waits for a line unless "now", does it, prints the nanoseconds, waits, ends
      untouched: works beside a MiB that it does not touch   calls, reads: system calls without and with a buffer
      stores, guarded, handled: 8-byte stores to one page; its own protection or handler in the way   conditional: stores to a variable
   pagetraps tracer PID ADDRESS       makes each store of a "guarded" target with the fewest system calls there can be, until it ends */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define LENGTH (1 << 20)
#define STORE_LENGTH 3 /* movq %rax, (%rdi) */

char array[LENGTH] __attribute__((aligned(4096)));
volatile int64_t variable;
static char *alias;
static char *page;

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000 + t.tv_nsec;
}

static void store(char *at, int64_t value)
{
    __asm__ volatile("movq %%rax, (%%rdi)" : : "D"(at), "a"(value) : "memory");
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    *(int64_t *)(alias + ((char *)info->si_addr - page)) = r[REG_RAX];
    r[REG_RIP] += STORE_LENGTH;
}

static void work(const char *kind, long count)
{
    static volatile uint64_t sink __attribute__((unused));
    uint64_t value = 1;
    char buffer[64];
    if (strcmp(kind, "untouched") == 0) {
        for (long i = 0; i < count; i++) {
            value = value * 6364136223846793005u + 1442695040888963407u;
        }
        sink = value;
    } else if (strcmp(kind, "calls") == 0) {
        for (long i = 0; i < count; i++) {
            syscall(SYS_getppid);
        }
    } else if (strcmp(kind, "reads") == 0) {
        int zero = open("/dev/zero", O_RDONLY);
        for (long i = 0; i < count; i++) {
            if (read(zero, buffer, sizeof buffer) != sizeof buffer) {
                exit(3);
            }
        }
    } else if (strcmp(kind, "conditional") == 0) {
        for (long i = 1; i <= count; i++) {
            variable = i;
        }
    } else {
        for (long i = 1; i <= count; i++) {
            store(page, i);
        }
        int64_t last = *(int64_t *)alias;
        if (last != count) {
            exit(4);
        }
    }
}

static volatile int64_t elapsed;

__attribute__((noinline)) void begin(void)
{
    __asm__ volatile("");
}

__attribute__((noinline)) void after(void)
{
    __asm__ volatile("");
}

static int target(const char *kind, long count, int waits)
{
    char line[16];
    page = alias = array;
    if (strcmp(kind, "handled") == 0) {
        int memory = memfd_create("page", 0);
        if (ftruncate(memory, 4096) != 0) {
            return 3;
        }
        page = mmap(NULL, 4096, PROT_NONE, MAP_SHARED, memory, 0);
        alias = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
        struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
        sigaction(SIGSEGV, &action, NULL);
    }
    printf("%d %lx\n", (int)getpid(), (unsigned long)(strcmp(kind, "conditional") == 0 ? (char *)&variable : page));
    fflush(stdout);
    if (waits && fgets(line, sizeof line, stdin) == NULL) {
        return 3;
    }
    if (strcmp(kind, "guarded") == 0) {
        mprotect(page, 4096, PROT_NONE);
    }
    begin();
    int64_t start = now();
    if (strcmp(kind, "guarded") == 0) {
        for (long i = 1; i <= count; i++) {
            store(page, i);
        }
    } else {
        work(kind, count);
    }
    elapsed = now() - start;
    after();
    printf("%ld\n", elapsed);
    fflush(stdout);
    return !waits || fgets(line, sizeof line, stdin) != NULL ? 0 : 3;
}

static int tracer(int process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    int memory = open(path, O_RDWR);
    if (memory < 0 || ptrace(PTRACE_SEIZE, process, 0, 0) != 0) {
        return 1;
    }
    printf("ready\n");
    fflush(stdout);
    int status;
    while (waitpid(process, &status, __WALL) == process && WIFSTOPPED(status)) {
        struct user_regs_struct r;
        siginfo_t info;
        if (WSTOPSIG(status) != SIGSEGV) {
            ptrace(PTRACE_CONT, process, 0, WSTOPSIG(status));
            continue;
        }
        int64_t before;
        ptrace(PTRACE_GETSIGINFO, process, 0, &info);
        ptrace(PTRACE_GETREGS, process, 0, &r);
        if (pread(memory, &before, 8, (off_t)info.si_addr) != 8 || pwrite(memory, &r.rax, 8, (off_t)info.si_addr) != 8) {
            return 1;
        }
        r.rip += STORE_LENGTH;
        ptrace(PTRACE_SETREGS, process, 0, &r);
        ptrace(PTRACE_CONT, process, 0, 0);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "target") == 0) {
        return target(argv[2], atol(argv[3]), argc == 4);
    }
    return argc == 3 && strcmp(argv[1], "tracer") == 0 ? tracer(atoi(argv[2])) : 2;
}
