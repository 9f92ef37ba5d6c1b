/*
 * The C side of the benchmark: the system calls a debug server cannot do without, in a plain loop. Prints nanoseconds for one operation.
 * usage: tracer step|hit|condition COUNT      range COUNT counts whole ranges      registers COUNT
 *        tracer read|write LENGTH COUNT       stop|hit-threads|attach THREADS COUNT
 */
#include "program.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_THREADS = 4096 };

static pid_t child;
static pid_t threads[MOST_THREADS];
static int thread_count;

static void die(const char *what)
{
    fprintf(stderr, "tracer: %s: %s\n", what, strerror(errno));
    if (child > 0)
        kill(child, SIGKILL);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static void request(int what, pid_t thread, void *address, void *data)
{
    if (ptrace(what, thread, address, data) < 0)
        die("ptrace");
}

static int wait_for(pid_t thread)
{
    int status;
    if (waitpid(thread, &status, __WALL) != thread)
        die("waitpid");
    if (!WIFSTOPPED(status)) {
        fprintf(stderr, "tracer: the program ended\n");
        exit(1);
    }
    return status;
}

static void start(const char *what)
{
    child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        run(what);
    }
    if (child < 0)
        die("fork");
    wait_for(child);
    request(PTRACE_SETOPTIONS, child, 0, (void *)PTRACE_O_EXITKILL);
}

static void write_debug_register(pid_t thread, int number, unsigned long value)
{
    request(PTRACE_POKEUSER, thread, (void *)(offsetof(struct user, u_debugreg) + 8 * number), (void *)value);
}

static unsigned long read_debug_register(pid_t thread, int number)
{
    errno = 0;
    unsigned long value = ptrace(PTRACE_PEEKUSER, thread, offsetof(struct user, u_debugreg) + 8 * number, 0);
    if (errno != 0)
        die("ptrace");
    return value;
}

static void watch(pid_t thread)
{
    write_debug_register(thread, 0, (unsigned long)&watched);
    write_debug_register(thread, 7, 0x90001);   /* slot 0, write, 8 bytes */
}

static unsigned long program_counter(pid_t thread)
{
    errno = 0;
    unsigned long value = ptrace(PTRACE_PEEKUSER, thread, offsetof(struct user_regs_struct, rip), 0);
    if (errno != 0)
        die("ptrace");
    return value;
}

static void set_program_counter(pid_t thread, unsigned long value)
{
    request(PTRACE_POKEUSER, thread, (void *)offsetof(struct user_regs_struct, rip), (void *)value);
}

static void resume(int how, pid_t thread)
{
    request(how, thread, 0, 0);
    wait_for(thread);
}

static unsigned char set_byte(unsigned long address, unsigned char value)
{
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, child, address, 0);
    if (errno != 0)
        die("ptrace");
    request(PTRACE_POKETEXT, child, (void *)address, (void *)((word & ~0xffl) | value));
    return word;
}

static void run_to(unsigned long address)
{
    unsigned char covered = set_byte(address, 0xcc);
    resume(PTRACE_CONT, child);
    set_byte(address, covered);
    set_program_counter(child, address);
}

static double step(int count)
{
    start("spin");
    double begin = now();
    for (int i = 0; i < count; i++) {
        resume(PTRACE_SINGLESTEP, child);
        program_counter(child);
    }
    return (now() - begin) / count;
}

static double range(int count)
{
    long steps = 0;
    double time = 0;
    start("range");
    for (int i = 0; i < count; i++) {
        run_to((unsigned long)range_start);
        double begin = now();
        do {
            resume(PTRACE_SINGLESTEP, child);
            steps++;
        } while (program_counter(child) - (unsigned long)range_start < (unsigned long)range_end - (unsigned long)range_start);
        time += now() - begin;
    }
    return time / steps;
}

static double hit(int count)
{
    start("spin");
    watch(child);
    double begin = now();
    for (int i = 0; i < count; i++) {
        resume(PTRACE_CONT, child);
        read_debug_register(child, 6);
        write_debug_register(child, 6, 0);
    }
    return (now() - begin) / count;
}

/* A breakpoint whose condition is false: hit, judged, stepped over, planted again. */
static double condition(int count)
{
    unsigned long address = (unsigned long)called;
    struct user_regs_struct registers;
    start("calls");
    unsigned char covered = set_byte(address, 0xcc);
    double begin = now();
    for (int i = 0; i < count; i++) {
        resume(PTRACE_CONT, child);
        request(PTRACE_GETREGS, child, 0, &registers);
        if (registers.rdi == (unsigned long)-1)
            die("condition");
        set_byte(address, covered);
        set_program_counter(child, address);
        resume(PTRACE_SINGLESTEP, child);
        set_byte(address, 0xcc);
    }
    return (now() - begin) / count;
}

static double registers(int count)
{
    static unsigned char area[16384];
    struct user_regs_struct general;
    start("spin");
    double begin = now();
    for (int i = 0; i < count; i++) {
        struct iovec extended = { area, sizeof area };
        request(PTRACE_GETREGS, child, 0, &general);
        request(PTRACE_GETREGSET, child, (void *)NT_X86_XSTATE, &extended);
    }
    return (now() - begin) / count;
}

static double memory(int is_write, size_t length, int count)
{
    static unsigned char copy[BLOCK];
    char name[64];
    start("spin");
    snprintf(name, sizeof name, "/proc/%d/mem", child);
    int file = open(name, O_RDWR);
    if (file < 0)
        die(name);
    double begin = now();
    for (int i = 0; i < count; i++) {
        ssize_t done = is_write ? pwrite(file, copy, length, (off_t)block) : pread(file, copy, length, (off_t)block);
        if (done != (ssize_t)length)
            die(name);
    }
    return (now() - begin) / count;
}

static void start_threads(int count, int writes)
{
    int ready[2];
    char byte;
    if (pipe(ready) < 0)
        die("pipe");
    child = fork();
    if (child == 0) {
        start_sleepers(count - 1);
        write(ready[1], "", 1);
        while (!writes)
            pause();
        run("spin");
    }
    if (child < 0 || read(ready[0], &byte, 1) != 1)
        die("fork");
}

static void seize_all(void)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/task", child);
    DIR *tasks = opendir(name);
    if (tasks == NULL)
        die(name);
    thread_count = 0;
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        int thread = atoi(task->d_name);
        if (thread == 0)
            continue;
        request(PTRACE_SEIZE, thread, 0, (void *)PTRACE_O_EXITKILL);
        request(PTRACE_INTERRUPT, thread, 0, 0);
        threads[thread_count++] = thread;
    }
    closedir(tasks);
    for (int i = 0; i < thread_count; i++)
        wait_for(threads[i]);
}

static void resume_all(void)
{
    for (int i = 0; i < thread_count; i++)
        request(PTRACE_CONT, threads[i], 0, 0);
}

/* Everyone but the one that has stopped already. */
static void stop_all(pid_t stopped)
{
    for (int i = 0; i < thread_count; i++)
        if (threads[i] != stopped)
            request(PTRACE_INTERRUPT, threads[i], 0, 0);
    for (int i = 0; i < thread_count; i++)
        if (threads[i] != stopped)
            wait_for(threads[i]);
}

static double attach(int count, int times)
{
    double time = 0;
    start_threads(count, 0);
    for (int i = 0; i < times; i++) {
        double begin = now();
        seize_all();
        time += now() - begin;
        for (int t = 0; t < thread_count; t++)
            request(PTRACE_DETACH, threads[t], 0, 0);
    }
    return time / times;
}

static double stop(int count, int times)
{
    double time = 0;
    start_threads(count, 0);
    seize_all();
    for (int i = 0; i < times; i++) {
        resume_all();
        usleep(20000);
        double begin = now();
        stop_all(0);
        time += now() - begin;
    }
    return time / times;
}

static double hit_threads(int count, int times)
{
    start_threads(count, 1);
    seize_all();
    for (int i = 0; i < thread_count; i++)
        watch(threads[i]);
    double begin = now();
    for (int i = 0; i < times; i++) {
        resume_all();
        wait_for(child);
        stop_all(child);
        read_debug_register(child, 6);
        write_debug_register(child, 6, 0);
    }
    return (now() - begin) / times;
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    int first = argc > 2 ? atoi(argv[2]) : 0;
    int second = argc > 3 ? atoi(argv[3]) : 1;
    double time;
    if (strcmp(what, "step") == 0)
        time = step(first);
    else if (strcmp(what, "range") == 0)
        time = range(first);
    else if (strcmp(what, "hit") == 0)
        time = hit(first);
    else if (strcmp(what, "condition") == 0)
        time = condition(first);
    else if (strcmp(what, "registers") == 0)
        time = registers(first);
    else if (strcmp(what, "read") == 0)
        time = memory(0, first, second);
    else if (strcmp(what, "write") == 0)
        time = memory(1, first, second);
    else if (strcmp(what, "attach") == 0)
        time = attach(first, second);
    else if (strcmp(what, "stop") == 0)
        time = stop(first, second);
    else if (strcmp(what, "hit-threads") == 0)
        time = hit_threads(first, second);
    else {
        fprintf(stderr, "tracer: unknown benchmark '%s'\n", what);
        return 2;
    }
    printf("%.0f\n", time);
    kill(child, SIGKILL);
    return 0;
}
