using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Ptrace;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>Hears for a watchpoint of the accesses to its pages.</summary>
internal sealed class WatchpointSink(PtraceSession session, TraceeProcess process, Watchpoint watchpoint) : IAccessSink
{
    // The session puts the stop on the thread itself: it may be one of several, for other watchpoints, of the same instruction.
    public AccessVerdict OnAccess(PageProbe probe, in TrappedAccess access)
    {
        session.OnTrappedAccess(watchpoint, access);
        return AccessVerdict.RunOn;
    }

    public void OnWithdrawn(PageProbe probe, string reason) => session.OnWithdrawn(process, watchpoint, reason);
}
