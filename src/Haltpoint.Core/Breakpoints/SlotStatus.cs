namespace Haltpoint.Breakpoints;

/// <summary>What became of a request for slots.</summary>
public enum SlotStatus : byte
{
    Ok,

    /// <summary>No slot is free for it.</summary>
    Exhausted,

    /// <summary>No such request is held.</summary>
    NotFound,

    /// <summary>The registers have no form for this access.</summary>
    BadAccess,

    /// <summary>No bytes, or a length that the registers cannot hold.</summary>
    BadLength,

    /// <summary>The range leaves the address space, or is not aligned as the registers need it.</summary>
    BadAddress,
}
