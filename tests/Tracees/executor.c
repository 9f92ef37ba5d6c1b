/* A place to execute single instructions: data pages of several protections, code pages, then it stops for good.
 * With the argument "armed" the data pages cannot be accessed, and two homes have their protections instead. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>

#define PAGE 0x1000L
#define PAGES 6

static const int protections[PAGES] = {PROT_NONE, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_NONE, PROT_READ, PROT_NONE};

static int map(long address, long length, int protection)
{
    return mmap((void *)address, length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)address;
}

static int map_data(long address, int accessible)
{
    int failed = 0;
    for (int i = 0; i < PAGES; i++) {
        failed |= map(address + i * PAGE, PAGE, accessible ? protections[i] : PROT_NONE);
    }
    return failed;
}

int main(int count, char **arguments)
{
    int armed = count > 1 && strcmp(arguments[1], "armed") == 0;
    if (map_data(0x10000000, !armed) || map(0x30000000, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC)
        || (armed && (map_data(0x40000000, 1) || map_data(0x500000000000, 1)))) {
        return 1;
    }
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) {
        return 2;
    }
    raise(SIGSTOP);
    return 3;
}
