/* What programs do to their own mappings, signals and children, with pages that may be watched (calls.h). Results only. */
#include "calls.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>

static sigjmp_buf back;
static volatile long faults;
static volatile long last_offset;
static volatile int last_code;
static volatile int last_signal;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)context;
    faults++;
    last_signal = signal;
    last_code = info->si_code;
    last_offset = (char *)info->si_addr - region;
    siglongjmp(back, 1);
}

static void unlock(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    faults++;
    last_code = info->si_code;
    last_offset = (char *)info->si_addr - region;
    mprotect((void *)((uintptr_t)info->si_addr & ~(PAGE - 1)), PAGE, PROT_READ | PROT_WRITE);
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags };
    sigaction(signal, &action, NULL);
}

static void poke(const char *what, long offset)
{
    faults = 0;
    last_offset = last_code = last_signal = 0;
    if (sigsetjmp(back, 1) == 0) {
        *(volatile char *)(region + offset) += 1;
    }
    say("%s: %ld faults, signal %d code %d at %ld\n", what, faults, last_signal, last_code, last_offset);
}

static void peek(const char *what, long offset)
{
    volatile char value = 0;
    faults = 0;
    last_offset = last_code = last_signal = 0;
    if (sigsetjmp(back, 1) == 0) {
        value = *(volatile char *)(region + offset);
    }
    say("%s: %d, %ld faults, signal %d code %d at %ld\n", what, value, faults, last_signal, last_code, last_offset);
}

static void handlers(void)
{
    handle(SIGSEGV, on_fault, 0);
    poke("watched", ARMED + 8);
    mprotect(region + ARMED, PAGE, PROT_READ);
    poke("read-only", ARMED + 9);
    peek("still readable", ARMED + 8);
    mprotect(region + ARMED, PAGE, PROT_NONE);
    poke("guarded", ARMED + 10);
    peek("guarded", ARMED + 11);
    poke("beside a guard", ARMED + PAGE);
    mprotect(region + 7 * PAGE, PAGE, PROT_NONE);
    poke("another guard", 7 * PAGE + 3);
    poke("not mapped", -5 * PAGE);
    munmap(region + SECOND, PAGE);
    poke("no longer mapped", SECOND + 1);
    faults = 0;
    if (sigsetjmp(back, 1) == 0) {
        *(volatile char *)0xdead000000000000ul = 1;
    }
    say("not canonical: %ld faults, code %d\n", faults, last_code);
    handle(SIGSEGV, unlock, 0);
    faults = 0;
    for (long page = 0; page < 6; page++) {
        mprotect(region + (page == 4 ? 9 : page) * PAGE, PAGE, PROT_READ);
    }
    for (long page = 0; page < 6; page++) {
        *(volatile long *)(region + (page == 4 ? 9 : page) * PAGE + 16) = page;
        say("unlocked %ld: %ld code %d at %ld\n", page, faults, last_code, last_offset);
    }
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigaction(SIGSEGV, &plain, NULL);
    say("%x\n", sum(0, 4 * PAGE));
}

static void bus(void)
{
    handle(SIGBUS, on_fault, 0);
    int file = memfd_create("short", 0);
    ftruncate(file, 100);
    mmap(region + SECOND, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0);
    poke("in the file", SECOND + 50);
    ftruncate(file, 0);
    poke("past its end", SECOND + 60);
    ftruncate(file, PAGE);
    peek("in it again", SECOND + 50);
    char byte;
    result("pread", pread(file, &byte, 1, 60));
    pwrite(file, "q", 1, 70);
    peek("written as a file", SECOND + 70);
}

static volatile long signals;
static volatile long depth;

static void on_signal(int signal, siginfo_t *info, void *context)
{
    (void)context;
    char here = 0;
    signals += signal + info->si_value.sival_int;
    depth = &here >= region + ARMED && &here < region + SECOND_END;
    if (info->si_value.sival_int == 3) {
        sigqueue(getpid(), SIGUSR2, (union sigval){ .sival_int = 1 });
    }
}

static void stack(void)
{
    /* the signal frame and its handler on watched pages and one between them */
    stack_t other = { .ss_sp = region + ARMED, .ss_size = SECOND_END - ARMED };
    result("sigaltstack", sigaltstack(&other, NULL));
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    handle(SIGUSR2, on_signal, SA_ONSTACK);
    for (int i = 0; i < 5; i++) {
        sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = i });
        say("signal %d: %ld on it %ld\n", i, signals, depth);
    }
    handle(SIGSEGV, on_fault, SA_ONSTACK);
    poke("below", -5 * PAGE);
}

static __attribute__((noinline)) long descend(long left)
{
    volatile char room[1000];
    room[0] = (char)left;
    room[999] = (char)(left * 3);
    if (left == 0 || (char *)room < region + ARMED + 2048) {
        raise(SIGUSR1);
        return room[0];
    }
    return descend(left - 1) * 3 + room[0] + room[999];
}

static void *run_deep(void *result)
{
    *(long *)result = descend(1000);
    return NULL;
}

static void deep(void)
{
    handle(SIGUSR1, on_signal, 0);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, region, 16 * PAGE);
    pthread_t thread;
    long value = 0;
    result("pthread_create", pthread_create(&thread, &attributes, run_deep, &value));
    pthread_join(thread, NULL);
    say("%ld %ld %ld\n", value, signals, depth);
}

static void mappings(void)
{
    handle(SIGSEGV, on_fault, 0);
    result("munmap", munmap(region + ARMED, PAGE));
    poke("unmapped", ARMED + 1);
    char *again = mmap(region + ARMED, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    say("%ld\n", (long)(again - region));
    peek("anew", ARMED + 1);
    poke("anew", ARMED + 1);
    peek("anew", ARMED + 1);
    again = mmap(region + ARMED + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    poke("shared over it", ARMED + PAGE + 1);
    peek("shared over it", ARMED + PAGE + 1);
    again = mmap(region + SECOND, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    say("%s\n", again == MAP_FAILED ? strerror(errno) : "replaced");
    result("munmap across", munmap(region, 6 * PAGE));
    poke("unmapped", SECOND + 1);
    again = mmap(region, 6 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    fill(0, 6 * PAGE, 3);
    say("%x\n", sum(0, 6 * PAGE));
}

static void moves(void)
{
    fill(0, 6 * PAGE, 5);
    char *place = mmap(NULL, 64 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *moved = mremap(region + ARMED, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    say("moved %d %x\n", moved == place, *(volatile unsigned *)(moved + 100));
    handle(SIGSEGV, on_fault, 0);
    poke("left", ARMED + 4);
    memset(moved, 1, 2 * PAGE);
    moved = mremap(moved, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, region + ARMED);
    say("back %d\n", moved == region + ARMED);
    poke("back", ARMED + 4);
    say("%x\n", sum(ARMED, 2 * PAGE));
    result("shrunk", mremap(region + SECOND, 2 * PAGE, PAGE, 0) == region + SECOND);
    poke("cut off", SECOND + PAGE);
    result("grown", mremap(region + SECOND, PAGE, 2 * PAGE, 0) == region + SECOND);
    peek("grown", SECOND + PAGE + 9);
    say("%x\n", sum(SECOND, 2 * PAGE));
}

static void advice(void)
{
    fill(ARMED, 4 * PAGE, 9);
    result("MADV_DONTNEED", madvise(region + ARMED, PAGE, MADV_DONTNEED));
    say("%x %x\n", sum(ARMED, PAGE), sum(ARMED + PAGE, 3 * PAGE));
    result("MADV_FREE and used", madvise(region + ARMED + PAGE, PAGE, MADV_WILLNEED));
    result("MADV_DONTFORK", madvise(region + SECOND, PAGE, MADV_DONTFORK));
    handle(SIGSEGV, on_fault, 0);
    int child = fork();
    if (child == 0) {
        poke("not there for a child", SECOND + 3);
        poke("there for a child", ARMED + 3);
        _exit(0);
    }
    result("child", waitpid(child, NULL, 0) == child);
    result("MADV_WIPEONFORK", madvise(region + ARMED, PAGE, MADV_WIPEONFORK));
    *(volatile char *)(region + ARMED + 3) = 'w';
    child = fork();
    if (child == 0) {
        peek("wiped", ARMED + 3);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    peek("not wiped", ARMED + 3);
    result("mlock", mlock(region + ARMED, PAGE));
    result("munlock", munlock(region + ARMED, PAGE));
    result("msync", msync(region + ARMED, PAGE, MS_ASYNC));
}

static void protections(void)
{
    handle(SIGSEGV, on_fault, 0);
    result("none", mprotect(region, 6 * PAGE, PROT_NONE));
    poke("none", ARMED + 1);
    poke("none", 1);
    result("read", mprotect(region + PAGE, 4 * PAGE, PROT_READ));
    peek("read", SECOND + 1);
    poke("read", SECOND + 1);
    result("write", read(open("/dev/zero", O_RDONLY), region + ARMED, 10));
    result("all", mprotect(region, 6 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC));
    poke("all", SECOND + 1);
    region[ARMED] = (char)0xc3;
    ((void (*)(void))(uintptr_t)(region + ARMED))();
    say("executed\n");
    mprotect(region, 6 * PAGE, PROT_READ | PROT_WRITE);
    say("%x\n", sum(0, 6 * PAGE));
}

static int status_of(int child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void children(void)
{
    fill(0, 6 * PAGE, 11);
    char *shared = mmap(region + 30 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    unsigned before = sum(0, 6 * PAGE);
    for (int i = 0; i < 5; i++) {
        int child = fork();
        if (child == 0) {
            int same = sum(0, 6 * PAGE) == before;
            fill(ARMED, 2 * PAGE, 100 + (unsigned)i);
            *(volatile long *)(shared + 8 * i) = sum(ARMED, 2 * PAGE);
            int grandchild = fork();
            if (grandchild == 0) {
                _exit(sum(ARMED, 2 * PAGE) == (unsigned)*(volatile long *)(shared + 8 * i) ? 5 : 6);
            }
            _exit(same * 10 + status_of(grandchild));
        }
        *(volatile long *)(region + ARMED) += i;
        before = sum(0, 6 * PAGE);
        result("child", status_of(child));
        say("%lx\n", *(volatile long *)(shared + 8 * i));
    }
    int child = fork();
    if (child == 0) {
        *(volatile char *)(region + SECOND) = 1;
        __builtin_trap();
    }
    result("child that dies", -status_of(child));
    say("%d\n", before == sum(0, 6 * PAGE));
}

static void vforks(void)
{
    fill(ARMED, 4 * PAGE, 11);
    volatile long *counter = (volatile long *)(region + ARMED);
    *counter = 5;
    char **arguments = (char **)(region + SECOND);
    strcpy(region + ARMED + 100, "/bin/sh");
    strcpy(region + ARMED + 120, "-c");
    strcpy(region + ARMED + 140, "exit 42");
    arguments[0] = region + ARMED + 100;
    arguments[1] = region + ARMED + 120;
    arguments[2] = region + ARMED + 140;
    arguments[3] = NULL;
    for (int i = 0; i < 3; i++) {
        int child = vfork();
        if (child == 0) {
            *counter += 10;
            execv(region + ARMED + 100, arguments);
            _exit(1);
        }
        result("vfork and exec", status_of(child));
        child = vfork();
        if (child == 0) {
            *counter += 100;
            _exit(7);
        }
        result("vfork", status_of(child));
        say("%ld\n", *counter);
    }
    FILE *shell = popen("echo from a shell", "r");
    char line[100] = "";
    if (fgets(line, sizeof line, shell) == NULL) {
        say("nothing\n");
    }
    say("%s", line);
    result("pclose", pclose(shell));
}

static void *count_up(void *number)
{
    for (int i = 0; i < 20; i++) {
        __atomic_add_fetch((long *)(region + ARMED + 8), 1, __ATOMIC_SEQ_CST);
        *(volatile long *)(region + SECOND + 64 + 8 * (long)number) += i;
    }
    return number;
}

static void threads(void)
{
    memset(region + ARMED, 0, 2 * PAGE);
    memset(region + SECOND, 0, PAGE);
    for (int round = 0; round < 10; round++) {
        pthread_t all[8];
        for (long i = 0; i < 8; i++) {
            pthread_create(&all[i], NULL, count_up, (void *)i);
        }
        for (int i = 0; i < 8; i++) {
            pthread_join(all[i], NULL);
        }
    }
    say("%ld %x\n", *(volatile long *)(region + ARMED + 8), sum(SECOND, PAGE));
}

static void execute(void)
{
    strcpy(region + ARMED, "/bin/sh");
    strcpy(region + ARMED + 100, "-c");
    char **arguments = (char **)(region + SECOND);
    arguments[0] = region + ARMED;
    arguments[1] = region + ARMED + 100;
    arguments[2] = region + ARMED + PAGE - 5;
    arguments[3] = NULL;
    strcpy(arguments[2], "echo executed");
    dup2(out, 1);
    int child = fork();
    if (child == 0) {
        execve(region + ARMED, arguments, NULL);
        _exit(1);
    }
    result("child", status_of(child));
    say("now\n");
    char byte;
    if (read(in, &byte, 1) != 1) {
        exit(4);
    }
    dup2(in, 0);
    strcpy(arguments[2], "echo again; echo end; read line");
    execve(region + ARMED, arguments, environ);
}

int main(int argc, char **argv)
{
    static const struct section sections[] = {
        { "handlers", handlers }, { "bus", bus }, { "stack", stack }, { "deep", deep }, { "mappings", mappings }, { "moves", moves },
        { "advice", advice }, { "protections", protections }, { "children", children }, { "vforks", vforks }, { "threads", threads },
        { "execute", execute }, { NULL, NULL },
    };
    return run_section(argc, argv, sections);
}
