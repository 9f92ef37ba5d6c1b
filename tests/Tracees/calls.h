/* A program that gives the kernel addresses in a region whose parts may be trapped.
   usage: PROGRAM IN OUT SECTION     prints the region's address to OUT, waits for a byte from IN, runs the section.
   Of the region, pages 1, 2 and 4 may be trapped. Lines to OUT: results, the same with and without traps; and, beginning with "#", what
   the kernel accesses for the program there: "# call r|w offset length". Ends with "end" and, after another byte, status 0. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define PAGE 4096L
#define PAGES 48
#define ARMED (1 * PAGE)       /* the first trapped byte */
#define ARMED_END (3 * PAGE)   /* the first after it */
#define SECOND (4 * PAGE)
#define SECOND_END (5 * PAGE)

static char *region;
static int in, out;

/* Lines are collected in memory that is never trapped, and leave in one piece: writing them must not show among the accesses. */
static void say(const char *format, ...)
{
    char line[512];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    if (write(out, line, (size_t)length) != length) {
        exit(3);
    }
}

__attribute__((unused)) static void expect(const char *call, char direction, long offset, long length)
{
    say("# %s %c %ld %ld\n", call, direction, offset, length);
}

/* A result and, if it failed, why. */
static void result(const char *what, long value)
{
    if (value < 0) {
        say("%s: %s\n", what, strerror(errno));
    } else {
        say("%s: %ld\n", what, value);
    }
}

/* Eight bytes at a time: each access may be a trap. */
__attribute__((unused)) static unsigned sum(long offset, long length)
{
    uint64_t value = 1;
    for (; length >= 8; length -= 8, offset += 8) {
        value = value * 31 + *(volatile uint64_t *)(region + offset);
    }
    for (; length > 0; length--, offset++) {
        value = value * 31 + *(volatile unsigned char *)(region + offset);
    }
    return (unsigned)(value ^ value >> 32);
}

__attribute__((unused)) static void fill(long offset, long length, uint64_t seed)
{
    for (long i = 0; i < length; i += 8) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        uint64_t scrambled = seed ^ seed >> 29;
        if (length - i >= 8) {
            *(volatile uint64_t *)(region + offset + i) = scrambled;
        } else {
            for (long rest = i; rest < length; rest++, scrambled >>= 8) {
                *(volatile char *)(region + offset + rest) = (char)scrambled;
            }
        }
    }
}

struct section {
    const char *name;
    void (*run)(void);
};

static int run_section(int argc, char **argv, const struct section *sections)
{
    if (argc != 4) {
        return 2;
    }
    in = atoi(argv[1]);
    out = atoi(argv[2]);
    region = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(region, 0x5a, PAGES * PAGE);
    say("%p\n", (void *)region);
    char go;
    if (read(in, &go, 1) != 1) {
        return 2;
    }
    for (const struct section *s = sections; s->name; s++) {
        if (strcmp(s->name, argv[3]) == 0) {
            s->run();
            say("end\n");
            return read(in, &go, 1) == 1 ? 0 : 2;
        }
    }
    return 2;
}
