/* Instructions of every kind on memory that is watched page by page, each with the bytes that it accesses.
   usage: trapped_instructions IN OUT THREADS ROUNDS
   Writes the address of four pages, of which the middle two are to be watched; then for each kind of instruction a line
   "# name where r|w offset length ..."; then "ready"; waits for a byte, lets every thread execute everything ROUNDS times; writes "done", waits
   for another byte, writes a hash of all that was loaded and stored, waits once
   more, and ends. Offsets: "own" in the 256 bytes of a thread (the first thread's are at the
   beginning of the first watched page), "shared" from byte 2048 of it on, "edge" (one thread alone) from its beginning on.
   What an instruction accesses is taken from the processor's manual (Intel SDM, volume 2), not from a run. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define OWN 256
#define SHARED 2048
#define PAGE 4096

static char *pages;    /* pages + PAGE is the first watched byte */
static int out;
static int rounds;
static int threads;

struct registers {
    uint64_t a, b, c, d;
    unsigned char vector[64];
};

typedef void kind(char *p, struct registers *r);

#define KIND(name) static void name(char *p, struct registers *r)
#define CLOBBERED "memory", "cc", "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9"

KIND(load_1) { __asm__ volatile("movb (%1), %%al\n movzbl %%al, %%eax\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(load_2) { __asm__ volatile("movzwl 2(%1), %%eax\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(load_4) { __asm__ volatile("movslq 4(%1), %%rax\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(load_8) { __asm__ volatile("movq 8(%1), %%rax\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(load_high) { __asm__ volatile("movq %1, %%rbx\n xorl %%eax, %%eax\n movb 3(%%rbx), %%ah\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(load_indexed) { __asm__ volatile("movl $3, %%ecx\n movq -8(%1,%%rcx,8), %%rax\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(store_1) { __asm__ volatile("movq %1, %%rax\n movb %%al, 1(%0)" : : "r"(p), "m"(r->a) : CLOBBERED); }
KIND(store_2) { __asm__ volatile("movq %1, %%rax\n movw %%ax, 3(%0)" : : "r"(p), "m"(r->a) : CLOBBERED); }
KIND(store_4) { __asm__ volatile("movl $0x12345678, 4(%0)" : : "r"(p), "m"(r->a) : CLOBBERED); }
KIND(store_8) { __asm__ volatile("movq %1, %%rax\n movq %%rax, 8(%0)" : : "r"(p), "m"(r->a) : CLOBBERED); }
KIND(store_big_endian) { __asm__ volatile("movq %1, %%rax\n movbeq %%rax, 16(%0)" : : "r"(p), "m"(r->a) : CLOBBERED); }
KIND(store_past_caches) { __asm__ volatile("movq %1, %%rax\n movntiq %%rax, 16(%0)" : : "r"(p), "m"(r->a) : CLOBBERED); }
KIND(store_flag) { __asm__ volatile("cmpq %%rax, %%rax\n sete 5(%0)" : : "r"(p) : CLOBBERED); }
KIND(add_to) { __asm__ volatile("movl $7, %%eax\n addq %%rax, 24(%0)" : : "r"(p) : CLOBBERED); }
KIND(add_from) { __asm__ volatile("movl $7, %%eax\n addl 24(%1), %%eax\n movq %%rax, %0" : "=m"(r->b) : "r"(p) : CLOBBERED); }
KIND(increment) { __asm__ volatile("incw 26(%0)" : : "r"(p) : CLOBBERED); }
KIND(negate) { __asm__ volatile("negl 28(%0)" : : "r"(p) : CLOBBERED); }
KIND(invert) { __asm__ volatile("notb 28(%0)" : : "r"(p) : CLOBBERED); }
KIND(shift) { __asm__ volatile("shll $1, 28(%0)\n rcrq 24(%0)" : : "r"(p) : CLOBBERED); }
KIND(shift_double) { __asm__ volatile("movl $0x1234567, %%eax\n shldl $5, %%eax, 28(%0)" : : "r"(p) : CLOBBERED); }
KIND(compare) { __asm__ volatile("xorl %%eax, %%eax\n cmpq $5, 24(%1)\n setb %%al\n testl $255, 28(%1)\n setne %%ah\n movq %%rax, %0" : "=m"(r->b) : "r"(p) : CLOBBERED); }
KIND(multiply) { __asm__ volatile("imulq $3, 24(%1), %%rax\n movl $9, %%eax\n mulq 24(%1)\n movq %%rax, %0" : "=m"(r->c) : "r"(p) : CLOBBERED); }
KIND(divide) { __asm__ volatile("movq $3, 32(%1)\n movl $1000, %%eax\n xorl %%edx, %%edx\n divq 32(%1)\n movq %%rax, %0" : "=m"(r->c) : "r"(p) : CLOBBERED); }
KIND(bits) { __asm__ volatile("btsq $5, 32(%0)\n movl $70, %%eax\n btrq %%rax, 32(%0)\n bsfq 32(%0), %%rax\n popcntq 40(%0), %%rax" : : "r"(p) : CLOBBERED); }
KIND(conditional) { __asm__ volatile("xorl %%ebx, %%ebx\n cmpl $1, %%ebx\n cmoveq 40(%1), %%rbx\n movq %%rbx, %0" : "=m"(r->d) : "r"(p) : CLOBBERED); }
KIND(checksum) { __asm__ volatile("movl $1, %%eax\n crc32q 40(%1), %%rax\n movq %%rax, %0" : "=m"(r->d) : "r"(p) : CLOBBERED); }
KIND(translate) { __asm__ volatile("movq %1, %%rbx\n movl $9, %%eax\n xlatb\n movq %%rax, %0" : "=m"(r->d) : "r"(p) : CLOBBERED); }
KIND(exchange) { __asm__ volatile("movl $77, %%eax\n xchgq %%rax, 48(%1)\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(exchange_if) { __asm__ volatile("movl $77, %%eax\n movl $78, %%ebx\n lock cmpxchgq %%rbx, 48(%1)\n movl $1, %%eax\n cmpxchgq %%rcx, 48(%1)\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(exchange_add) { __asm__ volatile("movl $5, %%eax\n lock xaddl %%eax, 48(%1)\n movq %%rax, %0" : "=m"(r->b) : "r"(p) : CLOBBERED); }
KIND(exchange_16) { __asm__ volatile("movq 64(%0), %%rax\n movq 72(%0), %%rdx\n movl $3, %%ebx\n movl $4, %%ecx\n lock cmpxchg16b 64(%0)" : : "r"(p) : CLOBBERED); }
KIND(exchange_8) { __asm__ volatile("xorl %%eax, %%eax\n xorl %%edx, %%edx\n movl $3, %%ebx\n movl $4, %%ecx\n lock cmpxchg8b 80(%0)" : : "r"(p) : CLOBBERED); }
KIND(locked_bits) { __asm__ volatile("lock btcl $3, 84(%0)\n lock orl $64, 84(%0)\n lock decq 80(%0)" : : "r"(p) : CLOBBERED); }
KIND(move_string) { __asm__ volatile("cld\n leaq 8(%0), %%rsi\n leaq 96(%0), %%rdi\n movl $11, %%ecx\n rep movsb" : : "r"(p) : CLOBBERED); }
KIND(move_overlapping) { __asm__ volatile("cld\n leaq 96(%0), %%rsi\n leaq 98(%0), %%rdi\n movl $4, %%ecx\n rep movsw" : : "r"(p) : CLOBBERED); }
KIND(move_down) { __asm__ volatile("std\n leaq 104(%0), %%rsi\n leaq 120(%0), %%rdi\n movl $2, %%ecx\n rep movsq\n cld" : : "r"(p) : CLOBBERED); }
KIND(move_out) { __asm__ volatile("cld\n leaq 8(%1), %%rsi\n leaq %0, %%rdi\n movl $2, %%ecx\n rep movsq" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(move_none) { __asm__ volatile("cld\n leaq 8(%0), %%rsi\n leaq 96(%0), %%rdi\n xorl %%ecx, %%ecx\n rep movsb" : : "r"(p) : CLOBBERED); }
KIND(fill_string) { __asm__ volatile("cld\n movl $0x41424344, %%eax\n leaq 128(%0), %%rdi\n movl $5, %%ecx\n rep stosl" : : "r"(p) : CLOBBERED); }
KIND(load_string) { __asm__ volatile("cld\n leaq 128(%1), %%rsi\n lodsq\n movq %%rax, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(scan_string) { __asm__ volatile("cld\n movb $7, 132(%1)\n movl $7, %%eax\n leaq 128(%1), %%rdi\n movl $9, %%ecx\n repne scasb\n movq %%rcx, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(compare_strings) { __asm__ volatile("cld\n movl $1, 136(%1)\n movl $1, 140(%1)\n movw $2, 142(%1)\n leaq 136(%1), %%rsi\n leaq 140(%1), %%rdi\n movl $9, %%ecx\n repe cmpsw\n movq %%rcx, %0" : "=m"(r->a) : "r"(p) : CLOBBERED); }
KIND(x87) { __asm__ volatile("movq $3, 144(%0)\n fildq 144(%0)\n fstpl 152(%0)\n fldl 152(%0)\n fstpt 160(%0)\n fnstcw 170(%0)\n fldcw 170(%0)" : : "r"(p) : CLOBBERED); }
KIND(stack_push)
{
    __asm__ volatile("movq %%rsp, %%rbx\n leaq 208(%1), %%rsp\n pushq $5\n popq %%rax\n pushq %0\n popq 208(%1)\n movq %%rbx, %%rsp"
                     : : "m"(r->a), "r"(p) : CLOBBERED);
}
KIND(stack_call)
{
    __asm__ volatile("movq %%rsp, %%rbx\n leaq 208(%0), %%rsp\n call 1f\n jmp 2f\n 1: ret\n 2: movq %%rbx, %%rsp" : : "r"(p) : CLOBBERED);
}
KIND(stack_frame)
{
    __asm__ volatile("movq %%rsp, %%rbx\n movq %%rbp, %%r8\n leaq 208(%0), %%rsp\n movl $99, %%ebp\n enter $16, $0\n leave\n movq %%r8, %%rbp\n movq %%rbx, %%rsp"
                     : : "r"(p) : CLOBBERED);
}
KIND(jump_through)
{
    __asm__ volatile("leaq 1f(%%rip), %%rax\n movq %%rax, 216(%0)\n jmp *216(%0)\n ud2\n 1:\n movq $0, 216(%0)" : : "r"(p) : CLOBBERED);
}
KIND(sse_move) { __asm__ volatile("movups 16(%1), %%xmm0\n movaps %%xmm0, 224(%1)\n movups %%xmm0, %0" : "=m"(r->vector) : "r"(p) : CLOBBERED, "xmm0"); }
KIND(sse_halves) { __asm__ volatile("movlps 16(%0), %%xmm0\n movhps 40(%0), %%xmm0\n movhps %%xmm0, 224(%0)\n movlps %%xmm0, 232(%0)" : : "r"(p) : CLOBBERED, "xmm0"); }
KIND(sse_scalar) { __asm__ volatile("movss 16(%0), %%xmm0\n movsd %%xmm0, 224(%0)\n movd %%xmm0, 232(%0)\n movq 16(%0), %%xmm1\n movntdq %%xmm1, 240(%0)" : : "r"(p) : CLOBBERED, "xmm0", "xmm1"); }
KIND(sse_arithmetic) { __asm__ volatile("pxor %%xmm0, %%xmm0\n paddd 16(%1), %%xmm0\n pshufb 32(%1), %%xmm0\n pinsrw $2, 2(%1), %%xmm0\n movups %%xmm0, %0" : "=m"(r->vector) : "r"(p) : CLOBBERED, "xmm0"); }
KIND(sse_extract) { __asm__ volatile("movups 16(%0), %%xmm0\n pextrb $3, %%xmm0, 224(%0)\n pextrd $1, %%xmm0, 228(%0)" : : "r"(p) : CLOBBERED, "xmm0"); }
KIND(avx_move) { __asm__ volatile("vmovdqu 16(%1), %%ymm0\n vmovdqu %%ymm0, 224(%1)\n vmovdqu %%ymm0, %0\n vzeroupper" : "=m"(r->vector) : "r"(p) : CLOBBERED, "xmm0"); }
KIND(avx_broadcast) { __asm__ volatile("vbroadcastss 16(%1), %%ymm0\n vpaddd 32(%1), %%ymm0, %%ymm0\n vmovdqu %%ymm0, %0\n vzeroupper" : "=m"(r->vector) : "r"(p) : CLOBBERED, "xmm0"); }
KIND(avx_masked)
{
    static const int mask[8] = { -1, 0, -1, 0, 0, 0, 0, -1 };
    __asm__ volatile("vmovdqu %1, %%ymm1\n vmaskmovps 16(%2), %%ymm1, %%ymm0\n vmovdqu %%ymm0, %0\n vpmaskmovd %%ymm0, %%ymm1, 224(%2)\n vzeroupper"
                     : "=m"(r->vector) : "m"(mask), "r"(p) : CLOBBERED, "xmm0", "xmm1");
}
KIND(avx_gather)
{
    static const int index[4] = { 0, 5, 2, 30 };
    __asm__ volatile("vmovdqu %1, %%xmm1\n vpcmpeqd %%xmm2, %%xmm2, %%xmm2\n vpgatherdd %%xmm2, (%2,%%xmm1,4), %%xmm0\n vmovdqu %%xmm0, %0\n vzeroupper"
                     : "=m"(r->vector) : "m"(index), "r"(p) : CLOBBERED, "xmm0", "xmm1", "xmm2");
}
KIND(avx512_move) { __asm__ volatile("vmovdqu64 16(%1), %%zmm0\n vmovdqu64 %%zmm0, 160(%1)\n vmovdqu64 %%zmm0, %0\n vzeroupper" : "=m"(r->vector) : "r"(p) : CLOBBERED, "xmm0"); }
KIND(avx512_masked)
{
    __asm__ volatile("movl $0x8005, %%eax\n kmovw %%eax, %%k1\n vmovdqu32 16(%1), %%zmm0%{%%k1%}%{z%}\n vmovdqu32 %%zmm0, 160(%1)%{%%k1%}\n vmovdqu64 %%zmm0, %0\n vzeroupper"
                     : "=m"(r->vector) : "r"(p) : CLOBBERED, "xmm0");
}
KIND(avx512_scatter)
{
    static const int index[4] = { 40, 41, 45, 43 };
    __asm__ volatile("vmovdqu %0, %%xmm1\n movl $13, %%eax\n kmovw %%eax, %%k1\n vmovdqu 16(%1), %%xmm0\n vpscatterdd %%xmm0, (%1,%%xmm1,4)%{%%k1%}\n vzeroupper"
                     : : "m"(index), "r"(p) : CLOBBERED, "xmm0", "xmm1");
}
KIND(avx512_broadcast) { __asm__ volatile("vpaddd 16(%1)%{1to16%}, %%zmm0, %%zmm0\n vpxord %%zmm0, %%zmm0, %%zmm0\n movl $7, %%eax\n kmovw %%eax, %%k1\n vpcompressd %%zmm0, 160(%1)%{%%k1%}\n vzeroupper" : "=m"(r->vector) : "r"(p) : CLOBBERED, "xmm0"); }

/* on words that all threads write at once */
KIND(shared_locked) { (void)r; __asm__ volatile("lock incq (%0)\n movl $3, %%eax\n lock xaddq %%rax, 8(%0)\n lock subl $2, 16(%0)\n lock addw $1, 20(%0)" : : "r"(p) : CLOBBERED); }
KIND(shared_or) { (void)r; __asm__ volatile("lock orb $5, 22(%0)\n lock andb $0xf7, 23(%0)" : : "r"(p) : CLOBBERED); }

/* across the borders of the watched pages: below them, between them and behind them */
KIND(edge_below) { __asm__ volatile("movq -4(%1), %%rax\n movq %%rax, %0\n addq $3, -3(%1)\n movups -8(%1), %%xmm0\n movups %%xmm0, -9(%1)" : "=m"(r->a) : "r"(p) : CLOBBERED, "xmm0"); }
KIND(edge_between) { __asm__ volatile("movq 4092(%1), %%rax\n movq %%rax, %0\n lock addq $3, 4089(%1)\n vmovdqu 4080(%1), %%ymm0\n vmovdqu %%ymm0, 4079(%1)\n vzeroupper" : "=m"(r->a) : "r"(p) : CLOBBERED, "xmm0"); }
KIND(edge_behind) { __asm__ volatile("movq 8190(%1), %%rax\n movq %%rax, %0\n lock xaddl %%eax, 8189(%1)\n movdqu 8180(%1), %%xmm0\n movdqu %%xmm0, 8181(%1)" : "=m"(r->a) : "r"(p) : CLOBBERED, "xmm0"); }
KIND(edge_strings) { (void)r; __asm__ volatile("cld\n leaq -6(%0), %%rsi\n leaq 4090(%0), %%rdi\n movl $12, %%ecx\n rep movsb\n movl $0x55, %%eax\n leaq 8188(%0), %%rdi\n movl $9, %%ecx\n rep stosb" : : "r"(p) : CLOBBERED); }
KIND(edge_push) { (void)r; __asm__ volatile("movq %%rsp, %%rbx\n leaq 4(%0), %%rsp\n pushq $5\n popq %%rax\n leaq 4100(%0), %%rsp\n call 1f\n jmp 2f\n 1: ret\n 2: movq %%rbx, %%rsp\n movq $0, 4092(%0)" : : "r"(p) : CLOBBERED); }
KIND(edge_gather)
{
    static const int index[4] = { -2, 1, 2000, 2050 };
    __asm__ volatile("vmovdqu %1, %%xmm1\n vpcmpeqd %%xmm2, %%xmm2, %%xmm2\n vpgatherdd %%xmm2, (%2,%%xmm1,4), %%xmm0\n vmovdqu %%xmm0, %0\n vzeroupper"
                     : "=m"(r->vector) : "m"(index), "r"(p) : CLOBBERED, "xmm0", "xmm1", "xmm2");
}

struct entry {
    kind *run;
    const char *name;
    const char *where;
    const char *needs;
    const char *accesses;
};

#define ENTRY(name, where, needs, accesses) { name, #name, where, needs, accesses }
static const struct entry entries[] = {
    ENTRY(load_1, "own", "", "r 0 1"), ENTRY(load_2, "own", "", "r 2 2"), ENTRY(load_4, "own", "", "r 4 4"), ENTRY(load_8, "own", "", "r 8 8"),
    ENTRY(load_high, "own", "", "r 3 1"), ENTRY(load_indexed, "own", "", "r 16 8"),
    ENTRY(store_1, "own", "", "w 1 1"), ENTRY(store_2, "own", "", "w 3 2"), ENTRY(store_4, "own", "", "w 4 4"), ENTRY(store_8, "own", "", "w 8 8"),
    ENTRY(store_big_endian, "own", "movbe", "w 16 8"), ENTRY(store_past_caches, "own", "", "w 16 8"), ENTRY(store_flag, "own", "", "w 5 1"),
    ENTRY(add_to, "own", "", "r 24 8 w 24 8"), ENTRY(add_from, "own", "", "r 24 4"), ENTRY(increment, "own", "", "r 26 2 w 26 2"),
    ENTRY(negate, "own", "", "r 28 4 w 28 4"), ENTRY(invert, "own", "", "r 28 1 w 28 1"),
    ENTRY(shift, "own", "", "r 28 4 w 28 4 r 24 8 w 24 8"), ENTRY(shift_double, "own", "", "r 28 4 w 28 4"),
    ENTRY(compare, "own", "", "r 24 8 r 28 4"), ENTRY(multiply, "own", "", "r 24 8 r 24 8"), ENTRY(divide, "own", "", "w 32 8 r 32 8"),
    ENTRY(bits, "own", "", "r 32 8 w 32 8 r 40 8 w 40 8 r 32 8 r 40 8"), ENTRY(conditional, "own", "", "r 40 8"),
    ENTRY(checksum, "own", "", "r 40 8"), ENTRY(translate, "own", "", "r 9 1"),
    ENTRY(exchange, "own", "", "r 48 8 w 48 8"), ENTRY(exchange_if, "own", "", "r 48 8 w 48 8 r 48 8 w 48 8"),
    ENTRY(exchange_add, "own", "", "r 48 4 w 48 4"), ENTRY(exchange_16, "own", "", "r 64 16 r 64 16 w 64 16"),
    ENTRY(exchange_8, "own", "", "r 80 8 w 80 8"), ENTRY(locked_bits, "own", "", "r 84 4 w 84 4 r 84 4 w 84 4 r 80 8 w 80 8"),
    ENTRY(move_string, "own", "", "r 8 11 w 96 11"), ENTRY(move_overlapping, "own", "", "r 96 8 w 98 8"), ENTRY(move_down, "own", "", "r 96 16 w 112 16"),
    ENTRY(move_out, "own", "", "r 8 16"), ENTRY(move_none, "own", "", ""), ENTRY(fill_string, "own", "", "w 128 20"),
    ENTRY(load_string, "own", "", "r 128 8"), ENTRY(scan_string, "own", "", "w 132 1 r 128 5"),
    ENTRY(compare_strings, "own", "", "w 136 4 w 140 4 w 142 2 r 136 4 r 140 4"),
    ENTRY(x87, "own", "", "w 144 8 r 144 8 w 152 8 r 152 8 w 160 10 w 170 2 r 170 2"),
    ENTRY(stack_push, "own", "", "w 200 8 r 200 8 w 200 8 r 200 8 w 208 8"), ENTRY(stack_call, "own", "", "w 200 8 r 200 8"),
    ENTRY(stack_frame, "own", "", "w 200 8 r 200 8"), ENTRY(jump_through, "own", "", "w 216 8 r 216 8 w 216 8"),
    ENTRY(sse_move, "own", "", "r 16 16 w 224 16"), ENTRY(sse_halves, "own", "", "r 16 8 r 40 8 w 224 8 w 232 8"),
    ENTRY(sse_scalar, "own", "", "r 16 4 w 224 8 w 232 4 r 16 8 w 240 16"), ENTRY(sse_arithmetic, "own", "ssse3", "r 16 16 r 32 16 r 2 2"),
    ENTRY(sse_extract, "own", "sse4.1", "r 16 16 w 224 1 w 228 4"),
    ENTRY(avx_move, "own", "avx", "r 16 32 w 224 32"), ENTRY(avx_broadcast, "own", "avx2", "r 16 4 r 32 32"),
    ENTRY(avx_masked, "own", "avx2", "r 16 4 r 24 4 r 44 4 w 224 4 w 232 4 w 252 4"), ENTRY(avx_gather, "own", "avx2", "r 0 4 r 20 4 r 8 4 r 120 4"),
    ENTRY(avx512_move, "own", "avx512f", "r 16 64 w 160 64"),
    ENTRY(avx512_masked, "own", "avx512f", "r 16 4 r 24 4 r 76 4 w 160 4 w 168 4 w 220 4"),
    ENTRY(avx512_scatter, "own", "avx512vl", "r 16 16 w 160 4 w 180 4 w 172 4"),
    ENTRY(avx512_broadcast, "own", "avx512f", "r 16 4 w 160 12"),
    ENTRY(shared_locked, "shared", "", "r 0 8 w 0 8 r 8 8 w 8 8 r 16 4 w 16 4 r 20 2 w 20 2"),
    ENTRY(shared_or, "shared", "", "r 22 1 w 22 1 r 23 1 w 23 1"),
    ENTRY(edge_below, "edge", "", "r -4 8 r -3 8 w -3 8 r -8 16 w -9 16"),
    ENTRY(edge_between, "edge", "avx", "r 4092 8 r 4089 8 w 4089 8 r 4080 32 w 4079 32"),
    ENTRY(edge_behind, "edge", "", "r 8190 8 r 8189 4 w 8189 4 r 8180 16 w 8181 16"),
    ENTRY(edge_strings, "edge", "", "r -6 12 w 4090 12 w 8188 9"), ENTRY(edge_push, "edge", "", "w -4 8 r -4 8 w 4092 8 r 4092 8 w 4092 8"),
    ENTRY(edge_gather, "edge", "avx2", "r -8 4 r 4 4 r 8000 4 r 8200 4"),
};

static int is_there(const char *needs)
{
    __builtin_cpu_init();
    return needs[0] == 0 || (strcmp(needs, "movbe") == 0 && __builtin_cpu_supports("movbe")) || (strcmp(needs, "ssse3") == 0 && __builtin_cpu_supports("ssse3"))
        || (strcmp(needs, "sse4.1") == 0 && __builtin_cpu_supports("sse4.1")) || (strcmp(needs, "avx") == 0 && __builtin_cpu_supports("avx"))
        || (strcmp(needs, "avx2") == 0 && __builtin_cpu_supports("avx2")) || (strcmp(needs, "avx512f") == 0 && __builtin_cpu_supports("avx512f"))
        || (strcmp(needs, "avx512vl") == 0 && __builtin_cpu_supports("avx512vl"));
}

static uint64_t hash(uint64_t value, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        value = (value ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
    }
    return value;
}

static uint64_t results[64];

static void *work(void *number)
{
    long mine = (long)number;
    char *first = pages + PAGE;
    uint64_t value = 14695981039346656037u;
    for (int round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < sizeof entries / sizeof *entries; i++) {
            const struct entry *e = &entries[i];
            if (!is_there(e->needs) || (e->where[0] == 'e' && threads > 1)) {
                continue;
            }
            struct registers r = { .a = 0x0102030405060708u * (unsigned)(round + 1), .b = 2, .c = 3, .d = 4 };
            e->run(first + (e->where[0] == 'o' ? mine * OWN : e->where[0] == 's' ? SHARED : 0), &r);
            value = hash(value, &r, sizeof r);
        }
    }
    results[mine] = value;
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        return 2;
    }
    int in = atoi(argv[1]);
    out = atoi(argv[2]);
    threads = atoi(argv[3]);
    rounds = atoi(argv[4]);
    pages = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 4 * PAGE; i++) {
        pages[i] = (char)(i * 7 % 251);
    }
    memset(pages + PAGE + SHARED, 0, 64);
    dprintf(out, "%p\n", (void *)(pages + PAGE));
    for (unsigned i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (is_there(entries[i].needs) && !(entries[i].where[0] == 'e' && threads > 1)) {
            dprintf(out, "# %s %s %s\n", entries[i].name, entries[i].where, entries[i].accesses);
        }
    }
    dprintf(out, "ready\n");
    char byte;
    if (read(in, &byte, 1) != 1) {
        return 3;
    }
    pthread_t all[64];
    for (long i = 1; i < threads; i++) {
        pthread_create(&all[i], NULL, work, (void *)i);
    }
    work((void *)0);
    for (long i = 1; i < threads; i++) {
        pthread_join(all[i], NULL);
    }
    dprintf(out, "done\n");
    if (read(in, &byte, 1) != 1) {
        return 3;
    }
    uint64_t value = hash(1, pages, 4 * PAGE);
    for (int i = 0; i < threads; i++) {
        value = hash(value, &results[i], sizeof results[i]);
    }
    dprintf(out, "%lx %lu\n", value, *(uint64_t *)(pages + PAGE + SHARED));
    return read(in, &byte, 1) == 1 ? 0 : 3;
}
