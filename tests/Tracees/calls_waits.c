/* Calls that wait, time, and signals (calls.h). */
#include "calls.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static int ends[2];
static volatile sig_atomic_t handled;

static void on_signal(int signal)
{
    (void)signal;
    handled++;
}

static void handle(int signal, int flags)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };
    sigaction(signal, &action, NULL);
}

/* What it is asked for happens when the main thread sleeps in the kernel: seen from its state. */
static pid_t sleeper;
static void (*wake)(void);

static void *helper(void *none)
{
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", sleeper);
    for (;;) {
        int fd = open(path, O_RDONLY);
        ssize_t got = read(fd, line, sizeof line - 1);
        close(fd);
        if (got > 0) {
            line[got] = 0;
            char *state = strrchr(line, ')');
            if (state && state[2] == 'S') {
                break;
            }
        }
        sched_yield();
    }
    wake();
    return none;
}

static pthread_t when_asleep(void (*what)(void))
{
    pthread_t thread;
    sleeper = gettid();
    wake = what;
    pthread_create(&thread, NULL, helper, NULL);
    return thread;
}

static void write_letters(void)
{
    if (write(ends[1], "letters", 7) != 7) {
        exit(3);
    }
}

static void interrupt(void)
{
    tgkill(getpid(), sleeper, SIGUSR1);
}

static void interrupt_then_write(void)
{
    tgkill(getpid(), sleeper, SIGUSR1);
    while (!handled) {
        sched_yield();
    }
    write_letters();
}

static void readiness(void)
{
    if (pipe(ends) != 0) {
        exit(3);
    }
    struct pollfd *set = (struct pollfd *)(region + ARMED_END - 8);
    set[0] = (struct pollfd){ ends[0], POLLIN, 99 };
    set[1] = (struct pollfd){ ends[1], POLLOUT, 99 };
    result("poll", poll(set, 2, 0));
    expect("poll", 'r', ARMED_END - 8, 16);
    expect("poll", 'w', ARMED_END - 2, 2);
    expect("poll", 'w', ARMED_END + 6, 2);
    say("%x %x\n", set[0].revents, set[1].revents);

    struct timespec *time = (struct timespec *)(region + SECOND + 16);
    *time = (struct timespec){ 5, 0 };
    pthread_t thread = when_asleep(write_letters);
    result("ppoll", syscall(SYS_ppoll, set, 1, time, NULL, 8));
    expect("ppoll", 'r', ARMED_END - 8, 8);
    expect("ppoll", 'w', ARMED_END - 2, 2);
    expect("ppoll", 'r', SECOND + 16, 16);
    expect("ppoll", 'w', SECOND + 16, 16);
    pthread_join(thread, NULL);
    say("%x %d\n", set[0].revents, time->tv_sec < 5);

    fd_set *readable = (fd_set *)(region + ARMED + 200), *writable = (fd_set *)(region + SECOND_END - 4);
    struct timeval *left = (struct timeval *)(region + SECOND + 64);
    int highest = (ends[0] > ends[1] ? ends[0] : ends[1]) + 1;
    memset(readable, 0, 8);
    memset(writable, 0, 8);
    FD_SET(ends[0], readable);
    FD_SET(ends[1], writable);
    *left = (struct timeval){ 0, 0 };
    result("select", syscall(SYS_select, highest, readable, writable, NULL, left));
    expect("select", 'r', ARMED + 200, 8);
    expect("select", 'w', ARMED + 200, 8);
    expect("select", 'r', SECOND_END - 4, 8);
    expect("select", 'w', SECOND_END - 4, 8);
    expect("select", 'r', SECOND + 64, 16);
    expect("select", 'w', SECOND + 64, 16);
    say("%d %d %ld\n", !!FD_ISSET(ends[0], readable), !!FD_ISSET(ends[1], writable), (long)left->tv_usec);

    sigset_t *none = (sigset_t *)(region + ARMED + 300);
    memset(none, 0, 8);
    uint64_t *given = (uint64_t *)(region + ARMED + 320);
    given[0] = (uintptr_t)none;
    given[1] = 8;
    result("pselect", syscall(SYS_pselect6, highest, readable, NULL, NULL, NULL, given));
    expect("pselect6", 'r', ARMED + 200, 8);
    expect("pselect6", 'w', ARMED + 200, 8);
    expect("pselect6", 'r', ARMED + 320, 16);
    expect("pselect6", 'r', ARMED + 300, 8);

    int queue = epoll_create1(0);
    struct epoll_event *event = (struct epoll_event *)(region + ARMED + 400);
    *event = (struct epoll_event){ .events = EPOLLIN, .data.u64 = 0x1122334455667788 };
    result("epoll_ctl", epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], event));
    expect("epoll_ctl", 'r', ARMED + 400, 12);
    struct epoll_event *events = (struct epoll_event *)(region + SECOND - 6);
    result("epoll_wait", epoll_wait(queue, events, 10, 1000));
    expect("epoll_wait", 'w', SECOND - 6, 12);
    say("%x %llx\n", events->events, (unsigned long long)events->data.u64);
}

static void clocks(void)
{
    struct timespec *now = (struct timespec *)(region + ARMED + 16);
    result("clock_gettime", syscall(SYS_clock_gettime, CLOCK_MONOTONIC, now));
    expect("clock_gettime", 'w', ARMED + 16, 16);
    say("%d\n", now->tv_sec > 0);
    result("clock_getres", syscall(SYS_clock_getres, CLOCK_MONOTONIC, now));
    expect("clock_getres", 'w', ARMED + 16, 16);
    result("gettimeofday", syscall(SYS_gettimeofday, region + ARMED - 8, NULL));
    expect("gettimeofday", 'w', ARMED - 8, 16);
    say("%d\n", ((struct timeval *)(region + ARMED - 8))->tv_sec > 1000000);
    *now = (struct timespec){ 0, 1000 };
    result("nanosleep", syscall(SYS_nanosleep, now, NULL));
    expect("nanosleep", 'r', ARMED + 16, 16);

    handle(SIGUSR1, 0);
    struct timespec *rest = (struct timespec *)(region + SECOND - 8);
    *now = (struct timespec){ 1000, 0 };
    pthread_t thread = when_asleep(interrupt);
    result("nanosleep", syscall(SYS_nanosleep, now, rest));
    expect("nanosleep", 'r', ARMED + 16, 16);
    expect("nanosleep", 'w', SECOND - 8, 16);
    pthread_join(thread, NULL);
    say("%d %d\n", rest->tv_sec > 900 && rest->tv_sec <= 1000, (int)handled);

    struct itimerval *timer = (struct itimerval *)(region + ARMED + 64);
    memset(timer, 0, 2 * sizeof *timer);
    timer->it_value.tv_sec = 1000;
    result("setitimer", setitimer(ITIMER_REAL, timer, timer + 1));
    expect("setitimer", 'r', ARMED + 64, 32);
    expect("setitimer", 'w', ARMED + 96, 32);
    result("getitimer", getitimer(ITIMER_REAL, timer));
    expect("getitimer", 'w', ARMED + 64, 32);
    say("%d\n", timer->it_value.tv_sec > 900);
    struct rusage *usage = (struct rusage *)(region + ARMED_END - 100);
    result("getrusage", getrusage(RUSAGE_SELF, usage));
    expect("getrusage", 'w', ARMED_END - 100, 144);
    say("%d\n", usage->ru_maxrss > 0);
    long got = syscall(SYS_getrandom, region + SECOND + 100, 64, 0);
    result("getrandom", got);
    expect("getrandom", 'w', SECOND + 100, 64);
}

static void signals(void)
{
    struct { void (*handler)(int); unsigned long flags; void (*restorer)(void); unsigned long mask; } *action = (void *)(region + ARMED + 8);
    handle(SIGUSR1, SA_RESTART);
    result("rt_sigaction", syscall(SYS_rt_sigaction, SIGUSR1, NULL, action, 8));
    expect("rt_sigaction", 'w', ARMED + 8, 32);
    say("%d\n", action->handler == on_signal);
    action->flags &= ~(unsigned long)SA_RESTART;
    result("rt_sigaction", syscall(SYS_rt_sigaction, SIGUSR2, action, NULL, 8));
    expect("rt_sigaction", 'r', ARMED + 8, 32);
    uint64_t *mask = (uint64_t *)(region + SECOND + 8);
    *mask = 1u << (SIGUSR2 - 1);
    result("rt_sigprocmask", syscall(SYS_rt_sigprocmask, SIG_BLOCK, mask, mask + 1, 8));
    expect("rt_sigprocmask", 'r', SECOND + 8, 8);
    expect("rt_sigprocmask", 'w', SECOND + 16, 8);
    raise(SIGUSR2);
    result("rt_sigpending", syscall(SYS_rt_sigpending, mask + 2, 8));
    expect("rt_sigpending", 'w', SECOND + 24, 8);
    say("%llx\n", (unsigned long long)mask[2]);
    siginfo_t *info = (siginfo_t *)(region + ARMED_END - 64);
    result("rt_sigtimedwait", syscall(SYS_rt_sigtimedwait, mask, info, NULL, 8));
    expect("rt_sigtimedwait", 'r', SECOND + 8, 8);
    expect("rt_sigtimedwait", 'w', ARMED_END - 64, 128);
    say("%d %d\n", info->si_signo, info->si_pid == getpid());
    stack_t *stack = (stack_t *)(region + ARMED + 100);
    result("sigaltstack", sigaltstack(NULL, stack));
    expect("sigaltstack", 'w', ARMED + 100, 24);
    say("%d\n", stack->ss_flags);

    /* a read that a signal interrupts: begun again, and ended */
    if (pipe(ends) != 0) {
        exit(3);
    }
    handled = 0;
    pthread_t thread = when_asleep(interrupt_then_write);
    result("read", read(ends[0], region + ARMED - 3, 100));
    expect("read", 'w', ARMED - 3, 7);
    pthread_join(thread, NULL);
    say("%d %.7s\n", (int)handled, region + ARMED - 3);
    handle(SIGUSR1, 0);
    thread = when_asleep(interrupt);
    result("read", read(ends[0], region + ARMED, 100));
    pthread_join(thread, NULL);
    say("%d\n", (int)handled);
}

static void children(void)
{
    int *status = (int *)(region + ARMED_END - 2);
    struct rusage *usage = (struct rusage *)(region + SECOND + 64);
    char **arguments = (char **)(region + ARMED + 64);
    char *program = region + ARMED + 512;
    strcpy(program, "/bin/sh");
    strcpy(region + ARMED + 600, "-c");
    strcpy(region + SECOND - 2, "exit 7");
    arguments[0] = program;
    arguments[1] = region + ARMED + 600;
    arguments[2] = region + SECOND - 2;
    arguments[3] = NULL;
    pid_t child = vfork();
    if (child == 0) {
        execve(program, arguments, NULL);
        _exit(1);
    }
    result("wait4", wait4(child, status, 0, usage) == child);
    expect("wait4", 'w', ARMED_END - 2, 4);
    expect("wait4", 'w', SECOND + 64, 144);
    say("%d %d\n", WIFEXITED(*status), WEXITSTATUS(*status));
    char *bad = region + ARMED + 1024;
    strcpy(bad, "/nonexistent");
    result("execve", execve(bad, arguments, NULL));
    expect("execve", 'r', ARMED + 1024, 13);
    expect("execve", 'r', ARMED + 64, 32);
    expect("execve", 'r', ARMED + 512, 8);
    expect("execve", 'r', ARMED + 600, 3);
    expect("execve", 'r', SECOND - 2, 7);
    siginfo_t *info = (siginfo_t *)(region + ARMED - 8);
    child = fork();
    if (child == 0) {
        _exit(9);
    }
    result("waitid", syscall(SYS_waitid, P_PID, child, info, WEXITED, NULL));
    expect("waitid", 'w', ARMED - 8, 28);
    say("%d %d\n", info->si_code == CLD_EXITED, info->si_status);
}

int main(int argc, char **argv)
{
    static const struct section sections[] = {
        { "readiness", readiness }, { "clocks", clocks }, { "signals", signals }, { "children", children }, { NULL, NULL },
    };
    return run_section(argc, argv, sections);
}
