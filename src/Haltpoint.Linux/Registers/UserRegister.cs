namespace Haltpoint.Linux.Registers;

/// <summary>Words of the kernel's <c>struct user_regs_struct</c> in their order (sys/user.h), which is also the order of PTRACE_PEEKUSER.</summary>
public enum UserRegister : byte
{
    R15,
    R14,
    R13,
    R12,
    Rbp,
    Rbx,
    R11,
    R10,
    R9,
    R8,
    Rax,
    Rcx,
    Rdx,
    Rsi,
    Rdi,

    /// <summary>Number of the system call the thread is in, -1 outside of one. See <see cref="ThreadRegisters.Redirect"/>.</summary>
    OrigRax,
    Rip,
    Cs,
    Eflags,
    Rsp,
    Ss,
    FsBase,
    GsBase,
    Ds,
    Es,
    Fs,
    Gs,
}
