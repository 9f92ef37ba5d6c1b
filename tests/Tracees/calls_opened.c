/* Calls that can only be made with every watched page in place, and that wait for what another thread does after accesses of its own. */
#include "calls.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <time.h>

#define STORES 50
#define STORED (ARMED + 2048)
#define MORE_THAN_ANYBODY_COPIES (200L << 20)
#define RECEIVERS 4

static int queue;
static volatile int waiter;

/* What another thread does is seen where the kernel shows it: it is in the call, whoever stops it there. */
static void await_call(int thread, long number)
{
    char path[64], text[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", thread);
    do {
        int file = open(path, O_RDONLY);
        long length = read(file, text, sizeof text - 1);
        close(file);
        text[length > 0 ? length : 0] = 0;
        sched_yield();
    } while (strtol(text, NULL, 10) != number || text[0] == 'r');
}

static int await_waiter(long number)
{
    while (waiter == 0) {
        sched_yield();
    }
    await_call(waiter, number);
    return waiter;
}

static void store(void)
{
    for (uint64_t i = 1; i <= STORES; i++) {
        *(volatile uint64_t *)(region + STORED) = i;
    }
}

/* The length is the program's own affair: the kernel copies what there is. */
static long receive(long offset)
{
    return msgrcv(queue, region + offset, MORE_THAN_ANYBODY_COPIES, 0, 0);
}

static void *receiver(void *offset)
{
    waiter = (int)syscall(SYS_gettid);
    result("received", receive((long)offset));
    return NULL;
}

static void send_one(void)
{
    struct {
        long type;
        char text[40];
    } message = { 7, "a message that crosses into the page..." };
    result("sent", msgsnd(queue, &message, sizeof message.text, 0));
}

static void messages(void)
{
    pthread_t thread;
    queue = msgget(IPC_PRIVATE, 0600);
    pthread_create(&thread, NULL, receiver, (void *)(ARMED - 16));
    await_waiter(SYS_msgrcv);
    store();
    send_one();
    pthread_join(thread, NULL);
    expect("msgrcv", 'w', ARMED, 32);
    say("%s\n", region + ARMED - 8);
    msgctl(queue, IPC_RMID, NULL);
}

static void *one_of_many(void *offset)
{
    if (receive((long)offset) != 40) {
        exit(4);
    }
    return NULL;
}

static void many(void)
{
    pthread_t threads[RECEIVERS];
    queue = msgget(IPC_PRIVATE, 0600);
    for (long i = 0; i < RECEIVERS; i++) {
        pthread_create(threads + i, NULL, one_of_many, (void *)(ARMED - 16 - 64 * i));
    }
    store();
    for (int i = 0; i < RECEIVERS; i++) {
        send_one();
    }
    for (int i = 0; i < RECEIVERS; i++) {
        pthread_join(threads[i], NULL);
    }
    msgctl(queue, IPC_RMID, NULL);
}

/* Says where it is, and lets the test go on. */
static void told(void)
{
    pthread_t thread;
    char go;
    queue = msgget(IPC_PRIVATE, 0600);
    pthread_create(&thread, NULL, receiver, (void *)(ARMED - 16));
    await_waiter(SYS_msgrcv);
    say("waits\n");
    if (read(in, &go, 1) != 1) {
        exit(4);
    }
    send_one();
    pthread_join(thread, NULL);
    msgctl(queue, IPC_RMID, NULL);
}

static volatile int handled;

static void handler(int number)
{
    handled = number;
}

static void interrupted(void)
{
    pthread_t thread;
    struct sigaction action = { .sa_handler = handler };
    sigaction(SIGUSR1, &action, NULL);
    queue = msgget(IPC_PRIVATE, 0600);
    pthread_create(&thread, NULL, receiver, (void *)(ARMED - 16));
    await_waiter(SYS_msgrcv);
    store();
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
    say("handled %d\n", handled);
    msgctl(queue, IPC_RMID, NULL);
}

static int ends[2];

static void *poller(void *unused)
{
    (void)unused;
    struct pollfd *asked = (struct pollfd *)(region + ARMED - 2 * sizeof(struct pollfd));
    for (int i = 0; i < 4; i++) {
        asked[i] = (struct pollfd){ i == 3 ? ends[0] : -1, POLLIN, 0 };
    }
    waiter = (int)syscall(SYS_gettid);
    result("poll", poll(asked, 4, -1));
    say("events %d\n", asked[3].revents);
    return NULL;
}

/* The kernel goes on with it under another number. */
static void readiness(void)
{
    pthread_t thread;
    if (pipe(ends) != 0) {
        exit(4);
    }
    pthread_create(&thread, NULL, poller, NULL);
    await_waiter(SYS_poll);
    store();
    result("write", write(ends[1], "x", 1));
    pthread_join(thread, NULL);
}

static void timeouts(void)
{
    struct pollfd *asked = (struct pollfd *)(region + ARMED - sizeof(struct pollfd));
    struct timespec start, end;
    asked[0] = asked[1] = (struct pollfd){ -1, POLLIN, 0 };
    clock_gettime(CLOCK_MONOTONIC, &start);
    result("poll", poll(asked, 2, 300));
    clock_gettime(CLOCK_MONOTONIC, &end);
    say("waited %d\n", (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000 >= 300);
    store();
}

static int locked;

static void *locker(void *unused)
{
    (void)unused;
    struct flock *lock = (struct flock *)(region + ARMED - 8);
    memset(lock, 0, sizeof *lock);
    lock->l_type = F_WRLCK;
    waiter = (int)syscall(SYS_gettid);
    result("lock", fcntl(locked, F_OFD_SETLKW, lock));
    say("handled %d\n", handled);
    return NULL;
}

/* A handler that lets calls begin again. */
static void locks(void)
{
    pthread_t thread;
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
    struct flock all = { .l_type = F_WRLCK };
    char path[] = "/tmp/calls_opened.XXXXXX";
    int holder = mkstemp(path);
    locked = open(path, O_RDWR);
    unlink(path);
    sigaction(SIGUSR1, &action, NULL);
    result("hold", fcntl(holder, F_OFD_SETLK, &all));
    pthread_create(&thread, NULL, locker, NULL);
    await_waiter(SYS_fcntl);
    store();
    pthread_kill(thread, SIGUSR1);
    while (handled == 0) {
        sched_yield();
    }
    await_waiter(SYS_fcntl);
    all.l_type = F_UNLCK;
    result("unlock", fcntl(holder, F_OFD_SETLK, &all));
    pthread_join(thread, NULL);
}

static const struct section sections[] = {
    { "messages", messages }, { "many", many }, { "told", told }, { "interrupted", interrupted },
    { "readiness", readiness }, { "timeouts", timeouts }, { "locks", locks }, { NULL, NULL },
};

int main(int argc, char **argv)
{
    return run_section(argc, argv, sections);
}
