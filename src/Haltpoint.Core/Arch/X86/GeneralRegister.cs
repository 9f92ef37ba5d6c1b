namespace Haltpoint.Arch.X86;

/// <summary>The registers that are one word each, whatever the target keeps them in. A 32-bit program sees their low halves as eax, ecx and so on.</summary>
public enum GeneralRegister : byte
{
    Rax,
    Rbx,
    Rcx,
    Rdx,
    Rsi,
    Rdi,
    Rbp,
    Rsp,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
    Rip,
    Eflags,
    Cs,
    Ss,
    Ds,
    Es,
    Fs,
    Gs,

    /// <summary>Linux: number of the system call the thread is in, negative outside of one.</summary>
    OrigRax,
    FsBase,
    GsBase,
}
