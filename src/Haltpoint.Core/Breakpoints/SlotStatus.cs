namespace Haltpoint.Breakpoints;

/// <summary>What became of a request for slots.</summary>
public enum SlotStatus : byte
{
    Ok,

    /// <summary>No slot is free for it (Linux: ENOSPC).</summary>
    Exhausted,

    /// <summary>No such request is held.</summary>
    NotFound,

    /// <summary>The registers have no form for this access (EINVAL).</summary>
    BadAccess,

    /// <summary>No bytes, or a length that the registers cannot hold (EINVAL).</summary>
    BadLength,

    /// <summary>The range leaves the address space, lies where the request may not look, or is not aligned as the registers need it (EINVAL).</summary>
    BadAddress,

    /// <summary>No such CPU or task, no CPU at all, or a combination that is not offered (EINVAL).</summary>
    BadTarget,

    /// <summary>The range touches what a debug exception itself needs (EINVAL).</summary>
    Forbidden,

    /// <summary>Kernel memory, asked for without the privilege (EPERM).</summary>
    NotPermitted,

    /// <summary>The processor lacks the extension that the length needs (EOPNOTSUPP).</summary>
    Unsupported,

    /// <summary>The processor has no such registers at all (ENODEV).</summary>
    NoRegisters,

    /// <summary>The memory given to the pool is used up (ENOMEM).</summary>
    Full,

    /// <summary>Somebody is inside the pool and the caller may not wait (EBUSY).</summary>
    Busy,
}
