using Haltpoint.Linux.Interop;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Why the kernel does not let us trace a process, in words for a person.</summary>
internal static class AttachRefusal
{
    public static TargetStatus Explain(int process, int error, out string reason)
    {
        reason = error == Errno.ESRCH ? $"no process {process}" : $"cannot attach to process {process}: error {error}";
        return error == Errno.ESRCH ? TargetStatus.NoSuchProcess : TargetStatus.NotPermitted;
    }
}
