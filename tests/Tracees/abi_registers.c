/* Prints where the C headers place what Haltpoint.Linux/Registers places itself. usage: abi_registers FILE */
#include <elf.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

#define REGISTER(name) fprintf(out, "register %s %zu\n", #name, offsetof(struct user_regs_struct, name) / 8)
#define SAVED(name) fprintf(out, "fxsave %s %zu\n", #name, offsetof(struct user_fpregs_struct, name))
#define NUMBER(name) fprintf(out, "number %s %ld\n", #name, (long)name)

int main(int argc, char **argv)
{
    FILE *out = fopen(argc > 1 ? argv[1] : "/dev/stdout", "w");
    REGISTER(r15); REGISTER(r14); REGISTER(r13); REGISTER(r12); REGISTER(rbp); REGISTER(rbx); REGISTER(r11); REGISTER(r10);
    REGISTER(r9); REGISTER(r8); REGISTER(rax); REGISTER(rcx); REGISTER(rdx); REGISTER(rsi); REGISTER(rdi); REGISTER(orig_rax);
    REGISTER(rip); REGISTER(cs); REGISTER(eflags); REGISTER(rsp); REGISTER(ss); REGISTER(fs_base); REGISTER(gs_base);
    REGISTER(ds); REGISTER(es); REGISTER(fs); REGISTER(gs);
    fprintf(out, "size user_regs_struct %zu\n", sizeof(struct user_regs_struct));
    fprintf(out, "offset user.regs %zu\n", offsetof(struct user, regs));
    SAVED(cwd); SAVED(swd); SAVED(ftw); SAVED(fop); SAVED(rip); SAVED(rdp); SAVED(mxcsr); SAVED(st_space); SAVED(xmm_space);
    fprintf(out, "size user_fpregs_struct %zu\n", sizeof(struct user_fpregs_struct));
    NUMBER(PTRACE_PEEKUSER); NUMBER(PTRACE_POKEUSER); NUMBER(PTRACE_GETREGS); NUMBER(PTRACE_SETREGS); NUMBER(PTRACE_GETFPREGS);
    NUMBER(PTRACE_SETFPREGS); NUMBER(PTRACE_GETREGSET); NUMBER(PTRACE_SETREGSET); NUMBER(NT_X86_XSTATE); NUMBER(SYS_ptrace);
    return fclose(out);
}
