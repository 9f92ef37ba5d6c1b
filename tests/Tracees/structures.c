/* Variables with parts.
   usage: structures IN OUT     prints "PART ADDRESS LENGTH\n" for each part to OUT, then "end\n"; waits for a byte on IN */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct inner {
    char tag;
    int numbers[3];
};

typedef struct {
    short id;
    struct inner inner[2];
    union {
        long whole;
        struct {
            int low, high;
        };
    };
    struct inner *next;
    const volatile long last;
} record;

struct point {
    int x, y;
};

record config;
static short grid[2][3];
struct point origin __asm__("_ZN3app6originE");

#define SHOW(name, part) dprintf(out, name " %p %zu\n", (void *)&part, sizeof(part))

int main(int argc, char **argv)
{
    if (argc != 3) {
        return 2;
    }
    int out = atoi(argv[2]);
    SHOW("config.id", config.id);
    SHOW("config.inner[1]", config.inner[1]);
    SHOW("config.inner[1].tag", config.inner[1].tag);
    SHOW("config.inner[1].numbers[2]", config.inner[1].numbers[2]);
    SHOW("config.whole", config.whole);
    SHOW("config.high", config.high);
    SHOW("config.next", config.next);
    SHOW("config.last", config.last);
    SHOW("structures.c:config.last", config.last);
    SHOW("grid[1]", grid[1]);
    SHOW("grid[1][2]", grid[1][2]);
    SHOW("app::origin.y", origin.y);
    dprintf(out, "end\n");
    char byte;
    return read(atoi(argv[1]), &byte, 1) == 1 ? 0 : 3;
}
