namespace Haltpoint.Linux.Ptrace;

// System call stops.
public sealed partial class PtraceSession
{
    private static void OnSyscall(Tracee tracee) => tracee.IsInSyscall = !tracee.IsInSyscall;
}
