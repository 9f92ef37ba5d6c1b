namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>The numbering and the layouts a system call was made with (the arch of struct ptrace_syscall_info).</summary>
internal enum CallAbi
{
    X64,

    /// <summary>int 0x80, sysenter, or syscall in compatibility mode.</summary>
    Ia32,
}
