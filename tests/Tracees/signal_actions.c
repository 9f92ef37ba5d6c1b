/* What a program does at SIGSEGV and SIGTRAP, and what it blocks, while pages that it accesses may be trapped (calls.h). Results only. */
#include "calls.h"
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

static sigjmp_buf back;
static volatile int caught;
static volatile int code;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)context;
    caught = signal;
    code = info->si_code;
    siglongjmp(back, 1);
}

static void count(int signal)
{
    caught += signal;
}

static void access_watched(void)
{
    volatile long *word = (volatile long *)(region + ARMED + 64);
    *word += 1;
    __atomic_fetch_add((long *)(region + ARMED + 128), 3, __ATOMIC_SEQ_CST);
    __atomic_fetch_xor((long *)(region + SECOND), *word, __ATOMIC_SEQ_CST);
}

static void really_fault(void)
{
    caught = code = 0;
    if (sigsetjmp(back, 1) == 0) {
        *(volatile char *)16 = 1;
    }
    say("fault: signal %d code %d\n", caught, code);
}

static void tell(const char *what, int signal)
{
    struct sigaction now;
    memset(&now, 0, sizeof now);
    int got = sigaction(signal, NULL, &now);
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    say("%s: %d: %s, flags %x, blocks %d%d%d; blocked %d%d%d\n", what, got,
        now.sa_handler == SIG_DFL ? "default" : now.sa_handler == SIG_IGN ? "ignored" : now.sa_handler == count ? "count" : "other",
        now.sa_flags, sigismember(&now.sa_mask, SIGUSR1), sigismember(&now.sa_mask, SIGSEGV), sigismember(&now.sa_mask, SIGKILL),
        sigismember(&mask, SIGSEGV), sigismember(&mask, SIGTRAP), sigismember(&mask, SIGUSR2));
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
    sigaction(signal, &action, NULL);
}

static int status_of(int child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void in_handler(int signal)
{
    access_watched();
    tell("in a handler", SIGSEGV);
    caught = signal;
}

static void blocked(void)
{
    sigset_t all, before;
    sigfillset(&all);
    handle(SIGSEGV, on_fault);
    handle(SIGTRAP, on_fault);
    sigprocmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < 3; i++) {
        access_watched();
    }
    tell("blocked", SIGSEGV);
    tell("blocked", SIGTRAP);
    char name[100];
    strcpy(region + ARMED + 200, "/proc/self/comm");
    int file = open(region + ARMED + 200, O_RDONLY);
    result("read", read(file, region + SECOND + 100, 5));
    close(file);
    strncpy(name, region + SECOND + 100, 5);
    access_watched();
    tell("and a call", SIGSEGV);
    sigprocmask(SIG_SETMASK, &before, NULL);
    access_watched();
    tell("no more", SIGSEGV);
    really_fault();

    /* blocked by the handler of something else, and by the mask in which that was waited for */
    struct sigaction action = { .sa_handler = in_handler };
    sigfillset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    tell("behind it", SIGSEGV);
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    sigaddset(&before, SIGUSR1);
    sigprocmask(SIG_SETMASK, &before, NULL);
    raise(SIGUSR1);
    sigdelset(&all, SIGUSR1);
    sigsuspend(&all);
    tell("behind it", SIGSEGV);
    access_watched();
    tell("behind it", SIGTRAP);
    really_fault();

    /* A fault that is blocked is a death, and a signal that is blocked waits. */
    sigfillset(&all);
    int child = fork();
    if (child == 0) {
        sigprocmask(SIG_SETMASK, &all, NULL);
        *(volatile char *)16 = 1;
    }
    result("child", -status_of(child));
    sigprocmask(SIG_SETMASK, &all, NULL);
    signal(SIGSEGV, count);
    caught = 0;
    raise(SIGSEGV);
    access_watched();
    access_watched();
    say("came %d\n", caught);
    sigprocmask(SIG_SETMASK, &before, NULL);
    say("came %d\n", caught);
    tell("at last", SIGSEGV);
}

static void ignored(void)
{
    signal(SIGSEGV, SIG_IGN);
    signal(SIGTRAP, SIG_IGN);
    access_watched();
    raise(SIGSEGV);
    kill(getpid(), SIGSEGV);
    tell("ignored", SIGSEGV);
    tell("ignored", SIGTRAP);
    int child = fork();
    if (child == 0) {
        tell("in a child", SIGSEGV);
        *(volatile char *)16 = 1;
    }
    result("child", -status_of(child));
    signal(SIGSEGV, SIG_DFL);
    tell("default", SIGSEGV);
    access_watched();
    child = fork();
    if (child == 0) {
        access_watched();
        raise(SIGSEGV);
    }
    result("child", -status_of(child));
}

static long raw(int signal, const void *action, void *old, long size)
{
    return syscall(SYS_rt_sigaction, signal, action, old, size);
}

static void changed(void)
{
    struct sigaction *on_page = (struct sigaction *)(region + ARMED + 256);
    struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTART | SA_NODEFER };
    sigaddset(&action.sa_mask, SIGUSR1);
    sigaddset(&action.sa_mask, SIGKILL);
    tell("at first", SIGSEGV);
    result("set", sigaction(SIGSEGV, &action, NULL));
    tell("set", SIGSEGV);
    access_watched();
    for (int i = 0; i < 3; i++) {
        caught = 0;
        raise(SIGSEGV);
        kill(getpid(), SIGSEGV);
        say("came %d\n", caught);
    }
    tell("still", SIGSEGV);
    action.sa_flags = SA_RESETHAND;
    struct sigaction previous;
    result("once", sigaction(SIGSEGV, &action, &previous));
    say("before: flags %x\n", previous.sa_flags);
    raise(SIGSEGV);
    access_watched();
    tell("reset", SIGSEGV);
    handle(SIGSEGV, on_fault);
    access_watched();
    really_fault();
    access_watched();
    really_fault();

    /* the structures on a trapped page, and where there are none */
    uint64_t words[4] = { (uint64_t)count, 0x4000000 | SA_NODEFER | 0x400, 0x1234, 0xffff }, old[4];
    memcpy(on_page, words, sizeof words);
    result("raw", raw(SIGSEGV, on_page, old, 8));
    say("%d %lx\n", old[0] == (uint64_t)on_fault, old[1]);
    result("raw", raw(SIGSEGV, NULL, on_page, 8));
    memcpy(old, on_page, sizeof old);
    say("%d %lx %lx %lx\n", old[0] == (uint64_t)count, old[1], old[2], old[3]);
    result("size", raw(SIGSEGV, on_page, NULL, 16));
    result("nothing there", raw(SIGSEGV, (void *)16, NULL, 8));
    result("nothing there", raw(SIGSEGV, NULL, (void *)16, 8));
    mprotect(region + 10 * PAGE, PAGE, PROT_READ);
    words[1] |= SA_RESTART;
    result("read only", raw(SIGSEGV, words, region + 10 * PAGE, 8));
    raw(SIGSEGV, NULL, old, 8);
    say("all the same: %lx, %x\n", old[1], *(unsigned *)(region + 10 * PAGE));
    result("trap", raw(SIGTRAP, words, old, 8));
    say("%lx %lx %lx %lx\n", old[0], old[1], old[2], old[3]);
    tell("trap", SIGTRAP);
    access_watched();
}

static void children(void)
{
    int lines[2];
    char text[200];
    handle(SIGSEGV, on_fault);
    signal(SIGTRAP, SIG_IGN);
    for (int i = 0; i < 3; i++) {
        access_watched();
        int child = fork();
        if (child == 0) {
            tell("forked", SIGSEGV);
            tell("forked", SIGTRAP);
            access_watched();
            really_fault();
            signal(SIGSEGV, SIG_IGN);
            tell("changed", SIGSEGV);
            _exit(3);
        }
        result("forked", status_of(child));
        tell("its parent", SIGSEGV);
        child = vfork();
        if (child == 0) {
            tell("vforked", SIGSEGV);
            tell("vforked", SIGTRAP);
            signal(SIGSEGV, SIG_IGN);
            tell("changed", SIGSEGV);
            _exit(4);
        }
        result("vforked", status_of(child));
        tell("its parent", SIGSEGV);
        access_watched();
        really_fault();

        /* what a program finds that was spawned */
        char *arguments[] = { "sed", "-n", "/SigIgn/p;/SigCgt/p;/SigBlk/p", "/proc/self/status", NULL };
        posix_spawn_file_actions_t actions;
        if (pipe(lines) != 0 || posix_spawn_file_actions_init(&actions) != 0) {
            exit(5);
        }
        posix_spawn_file_actions_adddup2(&actions, lines[1], 1);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        if (i == 1) {
            sigset_t traps;
            sigemptyset(&traps);
            sigaddset(&traps, SIGTRAP);
            posix_spawnattr_setsigdefault(&attributes, &traps);
            posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
        }
        result("posix_spawn", posix_spawnp(&child, "sed", &actions, &attributes, arguments, environ));
        close(lines[1]);
        result("spawned", status_of(child));
        memset(text, 0, sizeof text);
        result("read", read(lines[0], text, sizeof text - 1));
        close(lines[0]);
        say("%s", text);
        access_watched();
        tell("its parent", SIGSEGV);
        tell("its parent", SIGTRAP);
        really_fault();
    }
}

static void execute(void)
{
    signal(SIGSEGV, SIG_IGN);
    handle(SIGTRAP, on_fault);
    access_watched();
    char *arguments[] = { "/bin/sh", "-c", "sed -n '/SigIgn/p;/SigCgt/p' /proc/self/status; echo end; read line", NULL };
    result("no such program", execve("/nonexistent", arguments, environ));
    access_watched();
    tell("after it", SIGSEGV);
    tell("after it", SIGTRAP);
    say("now\n");
    char byte;
    if (read(in, &byte, 1) != 1) {
        exit(4);
    }
    dup2(in, 0);
    dup2(out, 1);
    execve("/bin/sh", arguments, environ);
}

static void traps(void)
{
    handle(SIGTRAP, on_fault);
    for (int i = 0; i < 2; i++) {
        access_watched();
        caught = code = 0;
        say("trap\n");
        char go;
        if (read(in, &go, 1) != 1) {
            exit(4);
        }
        if (sigsetjmp(back, 1) == 0) {
            if (i == 0) {
                raise(SIGTRAP);
            } else {
                __asm__ volatile("int3");
            }
        }
        say("signal %d code %d\n", caught, code);
    }
    access_watched();
    tell("behind it", SIGTRAP);
}

static void stepped(void)
{
    signal(SIGSEGV, SIG_IGN);
    signal(SIGTRAP, SIG_IGN);
    say("set\n");
    char go;
    if (read(in, &go, 1) != 1) {
        exit(4);
    }
    access_watched();
    tell("behind it", SIGSEGV);
    tell("behind it", SIGTRAP);
}

int main(int argc, char **argv)
{
    static const struct section sections[] = {
        { "blocked", blocked }, { "ignored", ignored }, { "changed", changed }, { "children", children }, { "execute", execute },
        { "traps", traps }, { "stepped", stepped }, { NULL, NULL },
    };
    return run_section(argc, argv, sections);
}
