namespace Haltpoint.Breakpoints;

/// <summary>Where a software breakpoint is.</summary>
public enum TrapState : byte
{
    /// <summary>There is and was none.</summary>
    None,

    /// <summary>Nobody wants it any more, but a thread that ran into it may not have told yet.</summary>
    Removed,

    /// <summary>Wanted, and out of memory for a moment so that a thread can step off it.</summary>
    Lifted,

    /// <summary>In memory, with the bytes it covers kept beside it.</summary>
    Planted,
}
