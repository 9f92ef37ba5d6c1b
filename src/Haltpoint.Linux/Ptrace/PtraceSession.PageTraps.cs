using System;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Watching memory by taking its pages away.
public sealed partial class PtraceSession
{
    /// <summary>Tells a sink of every access to a range of a process's memory from now on.</summary>
    /// <param name="process">A process of this session; its threads may run or be stopped.</param>
    /// <param name="start">First byte. Any alignment; ranges may overlap those of other probes.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="access">Read, write or both.</param>
    /// <param name="sink">Called on this thread while the process runs.</param>
    /// <param name="allowSkips">Whether pages that cannot be trapped are left out (<see cref="PageProbe.Skipped"/>) or make the whole request fail.</param>
    /// <param name="probe">What to remove it by; null when refused.</param>
    /// <returns>Anything but Ok leaves the process as it was, with the reason in <see cref="LastError"/>.</returns>
    /// <remarks>Every thread of the process is stopped for a moment. Threads that start later are covered, forked children are not.</remarks>
    public TargetStatus AddProbe(
        int process, ulong start, ulong length, AccessKind access, IAccessSink sink, bool allowSkips, out PageProbe? probe)
    {
        AssertThread();
        ArgumentNullException.ThrowIfNull(sink);
        probe = null;
        return Refuse(TargetStatus.Refused, "page traps are not in this build");
    }

    /// <summary>Ends a probe; its sink is not called again. Pages that no other probe needs are back where they were.</summary>
    public TargetStatus RemoveProbe(PageProbe probe)
    {
        AssertThread();
        ArgumentNullException.ThrowIfNull(probe);
        return TargetStatus.NotFound;
    }
}
