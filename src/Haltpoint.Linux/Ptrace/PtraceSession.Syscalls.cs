using System;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// System call stops.
public sealed partial class PtraceSession
{
    internal TargetStatus CatchSyscalls(TraceeProcess process, bool on, ReadOnlySpan<int> numbers)
    {
        _ = process;
        _ = on;
        _ = numbers;
        return TargetStatus.Unsupported;
    }

    private static void OnSyscall(Tracee tracee) => tracee.IsInSyscall = !tracee.IsInSyscall;
}
