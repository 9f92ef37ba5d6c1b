/* Writes all of its data, at the addresses where other programs have theirs. */
#include "program.h"

static volatile word cells[512];

int main(int count, char **arguments)
{
    for (int i = 0; i < 512; i++)
        cells[i] = i;
    return 3;
}
