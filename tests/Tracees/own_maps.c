/* A program that looks at its own mappings.
   usage: own_maps IN OUT FILE
   Writes the addresses of pages to trap, one a line, then does what each letter it reads says; every answer ends with a line "end". */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, HUGE = 2 << 20 };

static char in_data[4 * PAGE] __attribute__((aligned(4096))) = "data";
static char text[1 << 20];
static int in, out;

static void say(const char *what, long value)
{
    dprintf(out, "%s %ld\n", what, value);
}

static void print_file(const char *path)
{
    int file = open(path, O_RDONLY);
    ssize_t length = 0, step;
    while ((step = read(file, text + length, sizeof text - length)) > 0)
    {
        length += step;
    }
    close(file);
    for (ssize_t at = 0; at < length; at += step)
    {
        step = write(out, text + at, length - at);
    }
}

/* What the descriptor is besides its contents. */
static void print_descriptor(int flags)
{
    char byte;
    int other = open("/dev/null", O_RDONLY);
    close(other);
    int file = syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", flags);
    say("is the lowest", file == other);
    say("flags", fcntl(file, F_GETFL) & O_ACCMODE);
    say("closes", fcntl(file, F_GETFD));
    say("offset", lseek(file, 0, SEEK_CUR));
    say("written", write(file, "x", 1) < 0 ? -errno : 1);
    say("read", read(file, &byte, 1));
    say("again", lseek(file, 0, SEEK_SET));
    int next = open("/dev/null", O_RDONLY);
    say("next", next - file);
    close(next);
    close(file);
}

static void print_how(void)
{
    struct { uint64_t flags, mode, resolve; } how = { O_RDONLY, 0, 0 };
    int directory = open("/proc/thread-self", O_RDONLY | O_DIRECTORY);
    int file = syscall(437, directory, "maps", &how, sizeof how);
    ssize_t length = read(file, text, sizeof text);
    close(file);
    close(directory);
    say("length", length < 0 ? -errno : 0);
    if (write(out, text, length) != length)
    {
        _exit(8);
    }
}

static void print_stack(void)
{
    pthread_attr_t attributes;
    void *start;
    size_t size;
    say("result", pthread_getattr_np(pthread_self(), &attributes));
    pthread_attr_getstack(&attributes, &start, &size);
    say("start", (long)start);
    say("size", (long)size);
    pthread_attr_destroy(&attributes);
}

/* No room for a second descriptor, or for a third. */
static void limit_files(int more)
{
    int lowest = open("/dev/null", O_RDONLY);
    close(lowest);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = lowest + more;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* From here on memfd_create ends the program. */
static void forbid_files(void)
{
    struct sock_filter lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_create, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof lines / sizeof *lines, lines };
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    say("filter", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

static int deep(int more)
{
    volatile char frame[PAGE] = { more };
    return more == 0 ? 0 : deep(more - 1) + frame[0] - frame[0];
}

/* The heap, and a mapping, get longer. */
static void grow(char *beside)
{
    memset(sbrk(2 * PAGE), 1, 2 * PAGE);
    char *more = mmap(beside - 2 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    memset(more, 1, 2 * PAGE);
}

static char *anonymous(size_t length)
{
    char *made = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(made, 1, length);
    return made;
}

static char *page_of(char *address)
{
    return (char *)(((uintptr_t)address + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
}

int main(int argc, char **argv)
{
    char on_stack[8 * PAGE];
    in = atoi(argv[1]);
    out = atoi(argv[2]);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    memset(on_stack, 1, sizeof on_stack);
    memset(text, 1, sizeof text);
    memset(in_data, 1, sizeof in_data);
    char *heap = malloc(8 * PAGE);
    memset(heap, 1, 8 * PAGE);

    int file = open(argv[3], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (int i = 0; i < 5; i++)
    {
        memset(text, 'a' + i, PAGE);
        if (write(file, text, PAGE) != PAGE)
        {
            return 7;
        }
    }
    char *of_file = mmap(NULL, 5 * PAGE, PROT_READ, MAP_PRIVATE, file, 0);
    char *shared = mmap(NULL, 5 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    for (int i = 0; i < 5; i++)
    {
        text[i] = of_file[i * PAGE];
        shared[i * PAGE] = 'x';
    }
    /* So that the kernel has nothing to join with what comes next. */
    mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *middle = anonymous(5 * PAGE);
    mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    /* Two that look like one. */
    char *two = anonymous(4 * PAGE);
    madvise(two + 2 * PAGE, 2 * PAGE, MADV_DONTDUMP);
    mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *whole = anonymous(4 * PAGE);
    mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *huge = anonymous(2 * HUGE);
    huge = (char *)(((uintptr_t)huge + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
    madvise(huge, HUGE, MADV_HUGEPAGE);
    memset(huge, 1, HUGE);
    munmap(whole, 2 * PAGE);
    whole += 2 * PAGE;

    dprintf(out, "%p\n%p\n%p\n%p\n%p\n%p\n%p\n%p\n%p\n", page_of(heap) + PAGE, of_file + 2 * PAGE, shared + PAGE, page_of(on_stack) + 2 * PAGE,
        in_data + PAGE, middle + 2 * PAGE, two + 2 * PAGE, whole, huge + HUGE / 2);
    char letter;
    while (read(in, &letter, 1) == 1)
    {
        switch (letter)
        {
            case 'm': print_file("/proc/self/maps"); break;
            case 's': print_file("/proc/self/smaps"); break;
            case 't': print_how(); break;
            case 'd': print_descriptor(O_RDONLY); break;
            case 'c': print_descriptor(O_RDONLY | O_CLOEXEC); break;
            case 'p': print_stack(); break;
            case 'g': grow(whole); break;
            case 'e': say("deep", deep(200)); break;
            case '0': limit_files(1); break;
            case '1': limit_files(2); break;
            case 'f': forbid_files(); break;
            default: return on_stack[0] + heap[0] + in_data[0] == 3 ? 0 : 1;
        }
        dprintf(out, "end\n");
    }
    return 9;
}
