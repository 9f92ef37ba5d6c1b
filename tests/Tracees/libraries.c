/* Loads a library beside its own and one into another namespace, and writes where its first and its last link map are.
   usage: libraries IN OUT     each byte sent: go on; the first one makes it damage the list, the second ends it */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int in = atoi(argv[1]), out = atoi(argv[2]);
    char byte;
    if (!dlopen("libm.so.6", RTLD_NOW) || !dlmopen(LM_ID_NEWLM, "libresolv.so.2", RTLD_NOW)) {
        dprintf(out, "%s\n", dlerror());
        return 1;
    }
    struct link_map *first = _r_debug.r_map, *last = first;
    while (last->l_next) {
        last = last->l_next;
    }
    dprintf(out, "%p\n%p\n%p\n", (void *)first, (void *)last->l_prev, (void *)last);
    if (read(in, &byte, 1) != 1) {
        return 1;
    }
    last->l_next = last;
    dprintf(out, "damaged\n");
    if (read(in, &byte, 1) != 1) {
        return 1;
    }
    _exit(argc - 3);
}
