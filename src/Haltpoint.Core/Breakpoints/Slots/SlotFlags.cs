using System;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>How a request is to be held.</summary>
[Flags]
public enum SlotFlags : byte
{
    None = 0,

    /// <summary>May take turns with other flexible requests; without it the request is in a register whenever it applies.</summary>
    Flexible = 1,

    /// <summary>Keeps its slot and is in no register .</summary>
    Disabled = 2,

    /// <summary>Wants nothing of the kernel, so that a kernel address is a mistake .</summary>
    UserOnly = 4,

    /// <summary>Whoever asks may watch kernel memory .</summary>
    Privileged = 8,
}
