/* Accesses to memory that is watched page by page, with a known outcome.
   usage: trapped IN OUT MODE [THREADS COUNT]
   Writes the address of the memory, waits for a byte, accesses it, writes what is in it, waits for a byte, ends. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct page
{
    volatile uint64_t counter;
    volatile uint64_t slots[64];
    char rest[4096 - 65 * 8];
};

static struct page *page;
static struct page in_data __attribute__((aligned(4096))) = { .counter = 0, .rest = "data" };
static int count;
static int in, out;

static void wait_for_byte(void)
{
    char byte;
    if (read(in, &byte, 1) != 1)
    {
        _exit(9);
    }
}

static void *hammer(void *slot)
{
    volatile uint64_t *mine = slot;
    for (int i = 0; i < count; i++)
    {
        __asm__ volatile("lock incq %0" : "+m"(page->counter));
        uint64_t value;
        __asm__ volatile("movq %1, %0" : "=r"(value) : "m"(*mine));
        value += 3;
        __asm__ volatile("movq %1, %0" : "=m"(*mine) : "r"(value));
    }
    return NULL;
}

static struct page *choose(const char *mode)
{
    if (strcmp(mode, "heap") == 0)
    {
        char *block = malloc(3 * 4096 + 100);
        memset(block, 0, 3 * 4096 + 100);
        return (struct page *)(((uintptr_t)block + 4095) & ~4095ul);
    }
    if (strcmp(mode, "data") == 0)
    {
        return &in_data;
    }
    if (strcmp(mode, "huge") == 0)
    {
        /* in the middle of a page of 2 MiB, if the kernel gives one */
        const uintptr_t huge = 2 << 20;
        char *four = mmap(NULL, 2 * huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        char *aligned = (char *)(((uintptr_t)four + huge - 1) & ~(huge - 1));
        madvise(aligned, huge, MADV_HUGEPAGE);
        memset(aligned, 0, huge);
        return (struct page *)(aligned + huge / 2);
    }
    int sharing = strcmp(mode, "shared") == 0 ? MAP_SHARED : MAP_PRIVATE;
    char *three = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    return (struct page *)(three + 4096);
}

int main(int argc, char **argv)
{
    in = atoi(argv[1]);
    out = atoi(argv[2]);
    int threads = argc > 4 ? atoi(argv[4]) : 1;
    count = argc > 5 ? atoi(argv[5]) : 10;
    page = choose(argv[3]);
    pthread_t all[64];
    dprintf(out, "%p\n", (void *)page);
    wait_for_byte();
    for (int i = 1; i < threads; i++)
    {
        pthread_create(&all[i], NULL, hammer, (void *)&page->slots[i]);
    }
    hammer((void *)&page->slots[0]);
    for (int i = 1; i < threads; i++)
    {
        pthread_join(all[i], NULL);
    }
    uint64_t counter = page->counter, sum = 0;
    for (int i = 0; i < threads; i++)
    {
        sum += page->slots[i];
    }
    dprintf(out, "%lu %lu\n", counter, sum);
    wait_for_byte();
    return 0;
}
