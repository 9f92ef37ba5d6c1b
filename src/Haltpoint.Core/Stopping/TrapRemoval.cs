namespace Haltpoint.Stopping;

/// <summary>What was found where the debugger ran into a trap.</summary>
public enum TrapRemoval : byte
{
    /// <summary>A breakpoint, which is out of memory now.</summary>
    Removed,

    /// <summary>A breakpoint that somebody else has just removed (D-15).</summary>
    AlreadyGone,

    /// <summary>Nothing that was ever planted.</summary>
    NotATrap,
}
