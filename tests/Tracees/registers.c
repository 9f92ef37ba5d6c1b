/* Loads known values into one class of registers, traps, and checks that whoever traced it wrote the complement of each.
   usage: registers general|segments|x87|sse|avx|avx512     exit: 0 all as expected, 1 + index of the first wrong word otherwise */
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WORDS (32 * 8 + 8)

uint64_t loaded[WORDS], stored[WORDS], saved_rsp, stored_flags;
uint32_t loaded_control, stored_control;

/* rax rbx rcx rdx rsi rdi rbp rsp r8-r15, the numbering of the description; int3 is the only instruction between load and store. */
__asm__(
    ".macro general move\n"
    " \\move 0, %rax\n \\move 8, %rbx\n \\move 16, %rcx\n \\move 24, %rdx\n \\move 32, %rsi\n \\move 40, %rdi\n \\move 48, %rbp\n"
    " \\move 56, %rsp\n \\move 64, %r8\n \\move 72, %r9\n \\move 80, %r10\n \\move 88, %r11\n \\move 96, %r12\n \\move 104, %r13\n"
    " \\move 112, %r14\n \\move 120, %r15\n"
    ".endm\n"
    ".macro load_word offset, register\n mov loaded+\\offset(%rip), \\register\n .endm\n"
    ".macro store_word offset, register\n mov \\register, stored+\\offset(%rip)\n .endm\n"
    "trap_general:\n"
    " push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    " mov %rsp, saved_rsp(%rip)\n"
    " general load_word\n"
    " int3\n"
    " general store_word\n"
    " mov saved_rsp(%rip), %rsp\n"
    " pushfq\n pop stored_flags(%rip)\n"
    " pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n"
    " ret\n"

    /* Both bases are read by system calls, and fs put back, before any C code runs that needs its thread pointer. */
    ".macro arch_prctl code, address\n mov $158, %eax\n mov $\\code, %edi\n \\address, %rsi\n syscall\n .endm\n"
    "trap_segments:\n"
    " int3\n"
    " arch_prctl 0x1003, \"lea stored(%rip)\"\n"
    " arch_prctl 0x1004, \"lea stored+8(%rip)\"\n"
    " arch_prctl 0x1002, \"mov loaded(%rip)\"\n"
    " ret\n"

    "trap_x87:\n"
    " fninit\n fldcw loaded_control(%rip)\n"
    ".irp i,7,6,5,4,3,2,1,0\n fldt loaded+16*\\i(%rip)\n .endr\n"
    " int3\n"
    " fnstcw stored_control(%rip)\n"
    ".irp i,0,1,2,3,4,5,6,7\n fstpt stored+16*\\i(%rip)\n .endr\n"
    " fninit\n ret\n"

    ".macro low16 move\n .irp i,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n \\move \\i\n .endr\n .endm\n"
    ".macro load_xmm i\n movdqu loaded+16*\\i(%rip), %xmm\\i\n .endm\n"
    ".macro store_xmm i\n movdqu %xmm\\i, stored+16*\\i(%rip)\n .endm\n"
    "trap_sse:\n"
    " ldmxcsr loaded_control(%rip)\n low16 load_xmm\n int3\n low16 store_xmm\n stmxcsr stored_control(%rip)\n ret\n"

    ".macro load_ymm i\n vmovdqu loaded+32*\\i(%rip), %ymm\\i\n .endm\n"
    ".macro store_ymm i\n vmovdqu %ymm\\i, stored+32*\\i(%rip)\n .endm\n"
    "trap_avx:\n low16 load_ymm\n int3\n low16 store_ymm\n vzeroupper\n ret\n"

    ".macro high16 move\n .irp i,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n \\move \\i\n .endr\n .endm\n"
    ".macro load_zmm i\n vmovdqu64 loaded+64*\\i(%rip), %zmm\\i\n .endm\n"
    ".macro store_zmm i\n vmovdqu64 %zmm\\i, stored+64*\\i(%rip)\n .endm\n"
    "trap_avx512:\n"
    " low16 load_zmm\n high16 load_zmm\n .irp i,0,1,2,3,4,5,6,7\n kmovq loaded+2048+8*\\i(%rip), %k\\i\n .endr\n"
    " int3\n"
    " low16 store_zmm\n high16 store_zmm\n .irp i,0,1,2,3,4,5,6,7\n kmovq %k\\i, stored+2048+8*\\i(%rip)\n .endr\n"
    " vzeroupper\n ret\n");
void trap_general(void);
void trap_segments(void);
void trap_x87(void);
void trap_sse(void);
void trap_avx(void);
void trap_avx512(void);

/* Every word differs from every other, and the bytes within a word do. */
static void fill(int words)
{
    for (int i = 0; i < words; i++) {
        loaded[i] = 0x0102030405060708ull * (i % 13 + 1) + i;
    }
}

static int check(int words)
{
    for (int i = 0; i < words; i++) {
        if (stored[i] != ~loaded[i]) {
            return 1 + i;
        }
    }
    return 0;
}

static int general(void)
{
    fill(16);
    trap_general();
    return (stored_flags & 1) ? check(16) : 17; /* carry is to be set */
}

static int segments(void)
{
    /* fs_base is to be moved up by 64, gs_base by 4096. */
    syscall(SYS_arch_prctl, ARCH_GET_FS, &loaded[0]);
    loaded[1] = (uint64_t)&loaded[0];
    syscall(SYS_arch_prctl, ARCH_SET_GS, loaded[1]);
    trap_segments();
    return stored[0] != loaded[0] + 64 ? 1 : stored[1] != loaded[1] + 4096 ? 2 : 0;
}

static int x87(void)
{
    fill(16);
    loaded_control = 0x27F;
    trap_x87();
    for (int i = 0; i < 8; i++) {
        uint8_t *was = (uint8_t *)&loaded[2 * i], *is = (uint8_t *)&stored[2 * i];
        for (int j = 0; j < 10; j++) {
            if (is[j] != (uint8_t)~was[j]) {
                return 1 + i;
            }
        }
    }
    return stored_control == 0xB7F ? 0 : 9;
}

static int sse(void)
{
    fill(32);
    loaded_control = 0x1FA0;
    trap_sse();
    return stored_control == 0x9FC0 ? check(32) : 33;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    if (strcmp(name, "general") == 0) {
        return general();
    }
    if (strcmp(name, "segments") == 0) {
        return segments();
    }
    if (strcmp(name, "x87") == 0) {
        return x87();
    }
    if (strcmp(name, "sse") == 0) {
        return sse();
    }
    if (strcmp(name, "avx") == 0) {
        fill(16 * 4);
        trap_avx();
        return check(16 * 4);
    }
    if (strcmp(name, "avx512") == 0) {
        fill(WORDS);
        trap_avx512();
        return check(WORDS) ? 255 : 0;
    }
    fprintf(stderr, "usage: registers general|segments|x87|sse|avx|avx512\n");
    return 254;
}
