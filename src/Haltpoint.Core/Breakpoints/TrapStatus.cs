namespace Haltpoint.Breakpoints;

/// <summary>What became of a request for a software breakpoint.</summary>
public enum TrapStatus : byte
{
    Ok,
    NotFound,

    /// <summary>The table has no room.</summary>
    Full,

    /// <summary>Another trap, or one of another length, covers some of the bytes.</summary>
    Overlaps,

    /// <summary>The memory cannot be read or written.</summary>
    BadAddress,
}
