/* Writes a variable a thousand times a second from two lines, until its input ends; prints "waiting" to standard error first. */
#include <poll.h>
#include <stdio.h>

volatile long level;

int main(void)
{
    struct pollfd end = {.fd = 0, .events = POLLIN};
    fprintf(stderr, "waiting\n");
    for (long i = 0; poll(&end, 1, 1) == 0; i++) {
        level = i % 100; /* line: each */
        if (i % 10 == 0) {
            level = 0; /* line: tenth */
        }
    }
    return 0;
}
