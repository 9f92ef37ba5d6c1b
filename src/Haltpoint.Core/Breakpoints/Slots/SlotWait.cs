namespace Haltpoint.Breakpoints.Slots;

/// <summary>What to do when somebody else is inside the pool.</summary>
public enum SlotWait : byte
{
    ForLock,

    /// <summary>
    /// Answer <see cref="SlotStatus.Busy"/>. For a debugger that stopped the world: the one inside may be among the stopped, and
    /// waiting for it would be for ever (B-2, B-8).
    /// </summary>
    Never,
}
