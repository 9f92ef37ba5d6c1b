namespace Haltpoint.Linux.PageTraps;

/// <summary>Hears of the accesses to the bytes of a probe.</summary>
/// <remarks>
/// Called on the ptrace thread, with the thread that made the access held and others running: it must not wait, and it must not
/// call back into the session. Registers and memory of the thread may be read.
/// </remarks>
public interface IAccessSink
{
    /// <summary>An access that has at least one byte in the probe's range, in a direction the probe asks for. Told once, when it is complete.</summary>
    AccessVerdict OnAccess(PageProbe probe, in TrappedAccess access);

    /// <summary>The probe hears of nothing any more, and not because somebody removed it: its memory is gone or can no longer be trapped.</summary>
    /// <param name="probe">The probe; it need not be removed.</param>
    /// <param name="reason">One line for a person, without a full stop.</param>
    void OnWithdrawn(PageProbe probe, string reason);
}
