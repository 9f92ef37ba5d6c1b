/* Says how it was started.
   usage: launched ARGUMENTS     writes to standard output: its arguments, directory, HALTPOINT_TEST, process group, personality, ignored signals, mask */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char directory[4096];
    sigset_t mask;
    int ignored = 0, blocked = 0;
    for (int i = 1; i < argc; i++)
    {
        printf("argument %s\n", argv[i]);
    }
    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int number = 1; number < NSIG; number++)
    {
        struct sigaction action;
        ignored += sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
        blocked += sigismember(&mask, number) == 1;
    }
    printf("directory %s\n", getcwd(directory, sizeof directory));
    printf("variable %s\n", getenv("HALTPOINT_TEST") ? getenv("HALTPOINT_TEST") : "(none)");
    printf("group %d\n", getpgrp() == getpid());
    printf("randomized %d\n", (personality(0xffffffff) & ADDR_NO_RANDOMIZE) == 0);
    printf("signals %d ignored %d blocked\n", ignored, blocked);
    return 0;
}
