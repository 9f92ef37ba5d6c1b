/* Lets the kernel write a variable.
   usage: receiver IN OUT     prints "&cell\n" to OUT; reads 8 bytes from IN into the variable, prints "done\n", and again until IN ends */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

long cell;

int main(int argc, char **argv)
{
    if (argc != 3) {
        return 2;
    }
    int in = atoi(argv[1]);
    int out = atoi(argv[2]);
    dprintf(out, "%p\n", (void *)&cell);
    while (read(in, &cell, sizeof cell) > 0) { /* line: receive */
        dprintf(out, "done\n");
    }
    return 0;
}
