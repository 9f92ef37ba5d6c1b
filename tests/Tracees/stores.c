/* Every kind of store that the value of a hit is worked out from, in a known order, on one variable.
   usage: stores IN OUT     prints "&watched\n" to OUT, waits for a byte on IN, stores, prints "done\n", waits for a byte */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

volatile uint64_t watched;

static void store(void)
{
    __asm__ volatile(
        "movq $0x11, %0\n"                                                      /* 0x11 */
        "movq $-1, %%rax\n movq %%rax, %0\n"                                     /* all ones */
        "movl $5, %0\n"                                                         /* 0xffffffff00000005 */
        "movq $0, %0\n"                                                         /* 0 */
        "addq $7, %0\n"                                                         /* 7 */
        "movl $3, %%ecx\n addq %%rcx, %0\n"                                      /* 10 */
        "incq %0\n"                                                             /* 11 */
        "decb %0\n"                                                             /* 10 */
        "negq %0\n"                                                             /* -10 */
        "notq %0\n"                                                             /* 9 */
        "orq $0x100, %0\n"                                                      /* 0x109 */
        "andq $0xff, %0\n"                                                      /* 9 */
        "xorq $1, %0\n"                                                         /* 8 */
        "shlq $2, %0\n"                                                         /* 32 */
        "lock btsq $6, %0\n"                                                    /* 96 */
        "movl $96, %%eax\n movl $44, %%edx\n lock cmpxchgq %%rdx, %0\n"            /* 44 */
        "movl $1, %%eax\n lock cmpxchgq %%rdx, %0\n"                              /* fails: 44 */
        "cmpl %%eax, %%eax\n sete %0\n"                                          /* 1 in the low byte */
        "movb $0x7f, %%ah\n movb %%ah, 1+%0\n"                                   /* 0x7f01 */
        "movbe %%rdx, %0\n"                                                     /* 44 in the high byte */
        "leaq %0, %%rdi\n movl $0x55, %%eax\n stosq\n"                            /* 0x55 */
        : "+m"(watched) : : "rax", "rcx", "rdx", "rdi", "cc");
}

int main(int argc, char **argv)
{
    char byte;
    if (argc != 3) {
        return 2;
    }
    int in = atoi(argv[1]);
    int out = atoi(argv[2]);
    dprintf(out, "%p\n", (void *)&watched);
    if (read(in, &byte, 1) != 1) {
        return 3;
    }
    store();
    dprintf(out, "done\n");
    return read(in, &byte, 1) == 1 ? 0 : 3;
}
