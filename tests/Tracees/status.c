// Ends as its argument says: a number is the exit status, "abort" a signal, "wait" stays until its input ends.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

volatile int counter;

static void count(void)
{
    counter++;
}

int main(int argc, char **argv)
{
    count();
    const char *end = argc > 1 ? argv[1] : "0";
    if (strcmp(end, "abort") == 0)
        abort();
    if (strcmp(end, "wait") == 0) {
        fprintf(stderr, "waiting\n");
        while (getchar() != EOF)
            count();
    }
    return atoi(end);
}
