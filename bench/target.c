/* The benchmarked program. usage: target symbols | target spin|range|calls|sleep THREADS [announce] */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "symbols") == 0) {
        printf("watched %p\nblock %p\nrange_start %p\nrange_end %p\ncalled %p\nfinish %p\nrun %p\n", (void *)&watched, (void *)block,
               (void *)range_start, (void *)range_end, (void *)called, (void *)finish, (void *)run);
        return 0;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: target symbols | target spin|range|calls|sleep THREADS [announce]\n");
        return 2;
    }
    setpgid(0, 0);   /* gdbserver interrupts a process group */
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
    memset(block, 0x5a, sizeof block);
    start_sleepers(atoi(argv[2]) - 1);
    if (argc > 3) {
        puts("ready");
        fflush(stdout);
    }
    while (strcmp(argv[1], "sleep") == 0)
        pause();
    run(argv[1]);
}
