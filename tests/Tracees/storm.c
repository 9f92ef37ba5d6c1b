/* Threads or processes that begin and end without pause.
   usage: storm IN OUT threads|forks|execs COUNT [LEFT]     writes "ready", waits for a byte, writes the number that ended well */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int ended;

static void *nothing(void *unused)
{
    (void)unused;
    __atomic_add_fetch(&ended, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void *start_threads(void *count)
{
    for (int i = 0; i < *(int *)count; i++)
    {
        pthread_t thread;
        pthread_create(&thread, NULL, nothing, NULL);
        pthread_join(thread, NULL);
    }
    return NULL;
}

static void *start_forks(void *count)
{
    for (int i = 0; i < *(int *)count; i++)
    {
        int status;
        pid_t child = fork();
        if (child == 0)
        {
            _exit(5);
        }
        if (waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 5)
        {
            __atomic_add_fetch(&ended, 1, __ATOMIC_RELAXED);
        }
    }
    return NULL;
}

static void *execute(void *arguments)
{
    execv("/proc/self/exe", arguments);
    return NULL;
}

int main(int argc, char **argv)
{
    int in = atoi(argv[1]), out = atoi(argv[2]), count = atoi(argv[4]), left = argc > 5 ? atoi(argv[5]) : -1;
    char byte;
    pthread_t threads[4];
    if (left < 0)
    {
        dprintf(out, "ready\n");
        if (read(in, &byte, 1) != 1)
        {
            return 1;
        }
        left = count;
    }
    if (strcmp(argv[3], "execs") == 0)
    {
        char text[16];
        char *again[] = { argv[0], argv[1], argv[2], argv[3], argv[4], text, NULL };
        if (left == 0)
        {
            dprintf(out, "%d\n", count);
            return 0;
        }
        /* Every other time from a thread that is not the first, with the first one still there. */
        snprintf(text, sizeof text, "%d", left - 1);
        if (left % 2)
        {
            pthread_create(threads, NULL, execute, again);
            pthread_join(threads[0], NULL);
        }
        execute(again);
        return 1;
    }
    for (int i = 0; i < 4; i++)
    {
        pthread_create(&threads[i], NULL, strcmp(argv[3], "forks") == 0 ? start_forks : start_threads, &count);
    }
    for (int i = 0; i < 4; i++)
    {
        pthread_join(threads[i], NULL);
    }
    dprintf(out, "%d\n", ended);
    return 0;
}
