// Two pseudo terminals wired together: what is written to one comes out of the other. Prints their names, ends with its input.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static int open_end(void)
{
    struct termios settings;
    int end = posix_openpt(O_RDWR | O_NOCTTY);
    if (end < 0 || grantpt(end) != 0 || unlockpt(end) != 0 || tcgetattr(end, &settings) != 0)
        exit(1);
    cfmakeraw(&settings);
    tcsetattr(end, TCSANOW, &settings);
    fprintf(stderr, "line %s\n", ptsname(end));

    // Kept open, so that the line does not hang up while one side opens it anew.
    if (open(ptsname(end), O_RDWR | O_NOCTTY) < 0)
        exit(1);
    return end;
}

static void copy(int from, int to)
{
    char bytes[4096];
    ssize_t count = read(from, bytes, sizeof bytes);
    if (count <= 0 || write(to, bytes, count) != count)
        exit(1);
}

int main(void)
{
    int first = open_end();
    int second = open_end();
    for (;;) {
        struct pollfd ends[] = { { first, POLLIN, 0 }, { second, POLLIN, 0 }, { 0, POLLIN, 0 } };
        if (poll(ends, 3, -1) < 0 || ends[2].revents)
            return 0;
        if (ends[0].revents)
            copy(first, second);
        if (ends[1].revents)
            copy(second, first);
    }
}
