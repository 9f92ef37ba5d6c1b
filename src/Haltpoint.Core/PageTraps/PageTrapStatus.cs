namespace Haltpoint.PageTraps;

/// <summary>What became of a change to a <see cref="PageTrapTable"/>.</summary>
public enum PageTrapStatus : byte
{
    Ok,

    /// <summary>Empty, past the end of the address space, or not of whole pages where pages are meant.</summary>
    BadRange,

    /// <summary>Neither reads nor writes are asked for, or something else is.</summary>
    BadAccess,
    Full,
    NotFound,

    /// <summary>Pages that are armed cannot be armed again: the way back to their contents would be lost (G-14).</summary>
    Overlaps,
}
