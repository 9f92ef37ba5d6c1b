using System;

namespace Haltpoint.Linux.Ptrace;

/// <summary>PTRACE_O_* (linux/ptrace.h).</summary>
[Flags]
internal enum TraceOptions : ulong
{
    SyscallMark = 1,
    Fork = 1 << 1,
    Vfork = 1 << 2,
    Clone = 1 << 3,
    Exec = 1 << 4,
    VforkDone = 1 << 5,
    Exit = 1 << 6,

    /// <summary>The kernel kills the tracee when its tracer is gone.</summary>
    ExitKill = 1 << 20,

    /// <summary>No seccomp filter is asked for the tracee's calls.</summary>
    SuspendSeccomp = 1 << 21,

    /// <summary>What every tracee has: each way in which a thread, process or program begins or ends is a stop.</summary>
    Always = SyscallMark | Fork | Vfork | Clone | Exec | VforkDone | Exit,
}
