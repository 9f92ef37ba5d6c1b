/* Writes a variable and becomes another program.
   usage: becomes PROGRAM */
#include <unistd.h>

volatile int counter;

int main(int argc, char **argv)
{
    counter = argc;
    execv(argv[1], argv + 1);
    return 3;
}
