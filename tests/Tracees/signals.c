/* Says which signals reached it, with what their senders said of them.
   usage: signals IN OUT     writes "ready", then "SIGNAL CODE VALUE" for each; ends with status 0 when IN has a byte */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int out;
volatile uint64_t turns;

static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    dprintf(out, "%d %d %d\n", number, info->si_code, info->si_code == SI_QUEUE ? info->si_value.sival_int : 0);
}

__attribute__((noinline)) void turn(void)
{
    turns++;
}

int main(int argc, char **argv)
{
    int in = atoi(argv[1]), spins = argc > 3;
    char byte;
    out = atoi(argv[2]);
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART };
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    sigaction(SIGCONT, &action, NULL);
    sigaction(SIGRTMIN + 1, &action, NULL);
    dprintf(out, "%p\n%p\nready\n", (void *)turn, (void *)&turns);
    while (spins)
    {
        turn();
    }
    return read(in, &byte, 1) != 1;
}
