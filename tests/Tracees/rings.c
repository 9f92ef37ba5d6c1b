/* A program with an io_uring(7).
   usage: rings IN OUT
   Writes what setting one up gave (0 or an error, negative) and, of a page, the address; then for each letter it reads what that gives. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096, ENTRIES = 4, BYTES = 8 };

static struct io_uring_params params;
static struct io_uring_sqe *submissions;
static char *submission_ring, *completion_ring;
static int ring;

static int make(struct io_uring_params *of)
{
    memset(of, 0, sizeof *of);
    int file = syscall(SYS_io_uring_setup, ENTRIES, of);
    return file < 0 ? -errno : file;
}

static void map(void)
{
    submission_ring = mmap(NULL, params.sq_off.array + params.sq_entries * sizeof(uint32_t), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
    completion_ring = mmap(
        NULL, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
    submissions = mmap(NULL, params.sq_entries * sizeof *submissions, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
}

static int submit(int operation, int file, char *address)
{
    uint32_t *tail = (uint32_t *)(submission_ring + params.sq_off.tail);
    uint32_t slot = *tail & (params.sq_entries - 1);
    memset(&submissions[slot], 0, sizeof *submissions);
    submissions[slot].opcode = operation;
    submissions[slot].fd = file;
    submissions[slot].addr = (uintptr_t)address;
    submissions[slot].len = BYTES;
    ((uint32_t *)(submission_ring + params.sq_off.array))[slot] = slot;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
    {
        return -errno;
    }
    uint32_t *head = (uint32_t *)(completion_ring + params.cq_off.head);
    struct io_uring_cqe *all = (struct io_uring_cqe *)(completion_ring + params.cq_off.cqes);
    int result = all[*head & (params.cq_entries - 1)].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    return result;
}

int main(int argc, char **argv)
{
    int in = atoi(argv[1]), out = atoi(argv[2]);
    char *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 'p', 3 * PAGE);
    int file = memfd_create("file", 0);
    if (write(file, "abcdefgh", BYTES) != BYTES)
    {
        return 8;
    }
    ring = make(&params);
    dprintf(out, "%d\n", ring < 0 ? ring : 0);
    if (ring < 0)
    {
        return 7;
    }
    map();
    struct iovec registered = { pages + PAGE, PAGE };
    dprintf(out, "%ld\n%p\n", syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &registered, 1), (void *)(pages + PAGE));
    char letter;
    while (read(in, &letter, 1) == 1)
    {
        struct io_uring_params other;
        int result = 0;
        switch (letter)
        {
            case 's':
                result = make(&other);
                if (result >= 0)
                {
                    close(result);
                    result = 0;
                }
                break;
            case 'r': result = submit(IORING_OP_READ, file, pages + PAGE); break;
            case 'w': result = submit(IORING_OP_WRITE, file, pages + PAGE); break;
            case 'f': result = submit(IORING_OP_READ_FIXED, file, pages + PAGE); break;
            case 'o': result = submit(IORING_OP_READ, file, pages); break;
            case 'b': result = pages[PAGE]; break;
            default: return 0;
        }
        dprintf(out, "%d\n", result);
    }
    return 9;
}
