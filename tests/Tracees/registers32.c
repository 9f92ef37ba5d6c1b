/* As registers.c, for a 32-bit program (gcc -m32): eax ecx edx ebx esp ebp esi edi, then xmm0-7 where there is nothing better, or zmm0-7. */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#define WORDS (8 * 16)

uint32_t loaded[WORDS], stored[WORDS], saved_esp;

__asm__(
    ".macro general move\n"
    " \\move 4, %ecx\n \\move 8, %edx\n \\move 12, %ebx\n \\move 16, %esp\n \\move 20, %ebp\n \\move 24, %esi\n \\move 28, %edi\n \\move 0, %eax\n"
    ".endm\n"
    ".macro load_word offset, register\n mov loaded+\\offset, \\register\n .endm\n"
    ".macro store_word offset, register\n mov \\register, stored+\\offset\n .endm\n"
    "trap_general:\n"
    " push %ebx\n push %ebp\n push %esi\n push %edi\n mov %esp, saved_esp\n"
    " general load_word\n int3\n general store_word\n"
    " mov saved_esp, %esp\n pop %edi\n pop %esi\n pop %ebp\n pop %ebx\n ret\n"

    ".macro vectors move\n .irp i,0,1,2,3,4,5,6,7\n \\move \\i\n .endr\n .endm\n"
    ".macro load_xmm i\n movdqu loaded+16*\\i, %xmm\\i\n .endm\n"
    ".macro store_xmm i\n movdqu %xmm\\i, stored+16*\\i\n .endm\n"
    "trap_sse:\n vectors load_xmm\n int3\n vectors store_xmm\n ret\n"

    ".macro load_zmm i\n vmovdqu64 loaded+64*\\i, %zmm\\i\n .endm\n"
    ".macro store_zmm i\n vmovdqu64 %zmm\\i, stored+64*\\i\n .endm\n"
    "trap_avx512:\n vectors load_zmm\n int3\n vectors store_zmm\n vzeroupper\n ret\n");
void trap_general(void);
void trap_sse(void);
void trap_avx512(void);

static int run(void (*trap)(void), int words)
{
    for (int i = 0; i < words; i++) {
        loaded[i] = 0x01020304u * (i % 13 + 1) + i;
    }
    trap();
    for (int i = 0; i < words; i++) {
        if (stored[i] != ~loaded[i]) {
            return 1 + i;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    return strcmp(name, "general") == 0 ? run(trap_general, 8)
        : strcmp(name, "sse") == 0 ? run(trap_sse, 8 * 4)
        : strcmp(name, "avx512") == 0 ? run(trap_avx512, WORDS)
        : 254;
}
