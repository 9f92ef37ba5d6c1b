/* System calls that read and write memory that is watched page by page.
   usage: trapped_calls IN OUT
   Writes the address of four pages, waits for a byte, makes the calls, writes a line for each, waits for a byte, ends. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *pages;
static int in, out;

static void wait_for_byte(void)
{
    char byte;
    if (read(in, &byte, 1) != 1)
    {
        _exit(9);
    }
}

static volatile int handled;

static void on_signal(int number)
{
    handled = number;
}

static void *waker(void *word)
{
    volatile int *futex = word;
    while (syscall(SYS_futex, futex, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) != 1)
    {
        sched_yield();
    }
    return NULL;
}

static unsigned sum(const char *bytes, int length)
{
    unsigned total = 0;
    for (int i = 0; i < length; i++)
    {
        total = total * 31 + (unsigned char)bytes[i];
    }
    return total;
}

int main(int argc, char **argv)
{
    in = atoi(argv[1]);
    out = atoi(argv[2]);
    pages = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 'x', 4 * 4096);
    int pipes[2], sockets[2];
    if (pipe(pipes) != 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) != 0)
    {
        return 8;
    }
    dprintf(out, "%p\n", (void *)pages);
    wait_for_byte();

    /* Where the test traps: the second page; the others are ordinary. */
    char *page = pages + 4096;
    static char line[400];
    memset(page, 'a', 100);
    long written = write(pipes[1], page, 100);
    long got = read(pipes[0], page + 200, 100);
    snprintf(line, sizeof line, "pipe %ld %ld %u\n", written, got, sum(page + 200, 100));
    dprintf(out, "%s", line);

    written = write(pipes[1], page - 50, 100);
    got = read(pipes[0], page + 4096 - 30, 100);
    snprintf(line, sizeof line, "crossing %ld %ld %u\n", written, got, sum(page + 4096 - 30, 100));
    dprintf(out, "%s", line);

    struct iovec *vector = (struct iovec *)(page + 512);
    vector[0] = (struct iovec){ page + 10, 20 };
    vector[1] = (struct iovec){ page + 4000, 200 };
    vector[2] = (struct iovec){ pages, 30 };
    written = writev(pipes[1], vector, 3);
    got = readv(pipes[0], vector, 3);
    snprintf(line, sizeof line, "vector %ld %ld %u\n", written, got, sum(page, 4096));
    dprintf(out, "%s", line);

    struct msghdr *message = (struct msghdr *)(page + 1024);
    memset(message, 0, sizeof *message);
    message->msg_iov = vector;
    message->msg_iovlen = 2;
    written = sendmsg(sockets[0], message, 0);
    got = recvmsg(sockets[1], message, 0);
    snprintf(line, sizeof line, "message %ld %ld %u\n", written, got, sum(page + 4000, 96));
    dprintf(out, "%s", line);

    struct timespec *time = (struct timespec *)(page + 1600);
    time->tv_sec = -5;
    long status = syscall(SYS_clock_gettime, CLOCK_REALTIME, time);
    snprintf(line, sizeof line, "time %ld %d\n", status, time->tv_sec > 1000000);
    dprintf(out, "%s", line);

    strcpy(page + 2000, "/proc/self/exe");
    status = access(page + 2000, R_OK);
    struct stat *about = (struct stat *)(page + 2100);
    long also = stat(page + 2000, about);
    snprintf(line, sizeof line, "paths %ld %ld %d\n", status, also, S_ISREG(about->st_mode));
    dprintf(out, "%s", line);

    struct pollfd *polled = (struct pollfd *)(page + 2600);
    *polled = (struct pollfd){ pipes[1], POLLOUT, 0 };
    status = poll(polled, 1, 1000);
    snprintf(line, sizeof line, "poll %ld %d\n", status, polled->revents);
    dprintf(out, "%s", line);

    pthread_t thread;
    int *word = (int *)(page + 2800);
    *word = 7;
    pthread_create(&thread, NULL, waker, word);
    status = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 7, NULL, NULL, 0);
    pthread_join(thread, NULL);
    snprintf(line, sizeof line, "futex %ld\n", status);
    dprintf(out, "%s", line);

    struct sigaction *action = (struct sigaction *)(page + 3000);
    memset(action, 0, sizeof *action);
    action->sa_handler = on_signal;
    status = sigaction(SIGUSR1, action, NULL);
    raise(SIGUSR1);
    snprintf(line, sizeof line, "signal %ld %d\n", status, handled);
    dprintf(out, "%s", line);

    *(struct timespec *)(page + 3300) = (struct timespec){ 0, 20000000 };
    status = syscall(SYS_nanosleep, page + 3300, page + 3400);
    snprintf(line, sizeof line, "sleep %ld\n", status);
    dprintf(out, "%s", line);

    int child = fork();
    if (child == 0)
    {
        page[0]++;
        _exit(page[0] == 'a' + 1 && page[1] == 'a' ? 17 : 18);
    }
    int *ended = (int *)(page + 3500);
    long waited = waitpid(child, ended, 0);
    snprintf(line, sizeof line, "fork %d %d %c\n", waited == child, WEXITSTATUS(*ended), page[0]);
    dprintf(out, "%s", line);

    status = mprotect(page, 4096, PROT_READ);
    char kept = page[1];
    got = read(pipes[0], page, 0);
    also = mprotect(page, 4096, PROT_READ | PROT_WRITE);
    page[1] = 'm';
    snprintf(line, sizeof line, "protect %ld %ld %ld %c %c\n", status, got, also, kept, page[1]);
    dprintf(out, "%s", line);

    unsigned char *resident = (unsigned char *)(page + 3600);
    status = mincore(pages, 4 * 4096, resident);
    snprintf(line, sizeof line, "resident %ld %d%d%d%d\n", status, resident[0] & 1, resident[1] & 1, resident[2] & 1, resident[3] & 1);
    dprintf(out, "%s", line);

    status = munmap(page, 4096);
    char *again = mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    again[5] = 'n';
    snprintf(line, sizeof line, "again %ld %d %c %d\n", status, again == page, again[5], again[6]);
    dprintf(out, "%s", line);
    wait_for_byte();
    return 0;
}
