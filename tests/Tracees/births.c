/* Does what it is told, one letter at a time, and says so by a line.
   usage: births IN OUT
   f fork, the child ends with 7          v vfork, the child executes this program with "end"
   e execute this program anew            t the same from another thread than the first
   c call getppid                         l the first thread ends, another goes on
   p start a thread that waits for ever   x end with status 3            k end by SIGKILL */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int in, out;
static char **self;

__attribute__((noinline)) void in_child(void)
{
    __asm__ volatile("");
}

static void *execute(void *unused)
{
    (void)unused;
    /* Not /proc/self/exe: a process whose first thread has ended has none. */
    execv(self[0], self);
    return NULL;
}

static void *sleep_for_ever(void *unused)
{
    (void)unused;
    for (;;)
    {
        pause();
    }
    return NULL;
}

/* Goes on when the thread that was the first is gone. */
static void *obey(void *first)
{
    if (first)
    {
        pthread_join((pthread_t)first, NULL);
    }
    for (;;)
    {
        char letter;
        pthread_t thread;
        int status = 0;
        pid_t child;
        if (read(in, &letter, 1) != 1)
        {
            _exit(1);
        }
        switch (letter)
        {
        case 'f':
            child = fork();
            if (child == 0)
            {
                in_child();
                _exit(7);
            }
            waitpid(child, &status, 0);
            dprintf(out, "forked %d\n", WEXITSTATUS(status));
            break;
        case 'v':
            child = vfork();
            if (child == 0)
            {
                in_child();
                execl("/proc/self/exe", "births", "end", (char *)0);
                _exit(1);
            }
            waitpid(child, &status, 0);
            dprintf(out, "vforked %d\n", WEXITSTATUS(status));
            break;
        case 'e':
            execute(NULL);
            break;
        case 't':
            pthread_create(&thread, NULL, execute, NULL);
            pthread_join(thread, NULL);
            break;
        case 'c':
            syscall(SYS_getppid);
            dprintf(out, "called\n");
            break;
        case 'l':
            pthread_create(&thread, NULL, obey, (void *)pthread_self());
            dprintf(out, "leaving\n");
            pthread_exit(NULL);
        case 'p':
            pthread_create(&thread, NULL, sleep_for_ever, NULL);
            dprintf(out, "started\n");
            break;
        case 'x':
            exit(3);
        case 'k':
            kill(getpid(), SIGKILL);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 3)
    {
        return strcmp(argv[1], "end") == 0 ? 9 : 1;
    }
    in = atoi(argv[1]);
    out = atoi(argv[2]);
    self = argv;
    dprintf(out, "%p\nready\n", (void *)in_child);
    obey(NULL);
    return 0;
}
