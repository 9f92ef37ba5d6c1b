/* Loads a library that writes a variable of the program.
   usage: plugins IN OUT LIBRARY     prints "&cell\n" to OUT; each byte on IN: loads LIBRARY the first time, lets it write, prints "done\n"; ends with IN.
   The library is the same file with -DPLUGIN. */
#ifdef PLUGIN
long plugin_count;
void plugin_write(long *cell);
void plugin_write(long *cell)
{
    *cell = 42;      /* line: plugin */
    plugin_count++;  /* line: count */
}
#else
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

long cell;

int main(int argc, char **argv)
{
    if (argc != 4) {
        return 2;
    }
    int in = atoi(argv[1]);
    int out = atoi(argv[2]);
    char byte;
    dprintf(out, "%p\n", (void *)&cell);
    while (read(in, &byte, 1) == 1) {
        void *library = dlopen(argv[3], RTLD_NOW);
        if (!library) {
            dprintf(out, "%s\n", dlerror());
            return 3;
        }
        ((void (*)(long *))dlsym(library, "plugin_write"))(&cell);
        dprintf(out, "done\n");
    }
    return 0;
}
#endif
