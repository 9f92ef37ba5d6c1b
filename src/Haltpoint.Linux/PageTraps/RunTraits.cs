using System;

namespace Haltpoint.Linux.PageTraps;

/// <summary>What is known of an armed run's memory, kept in the low bits of its distance to the home, which is whole pages.</summary>
[Flags]
internal enum RunTraits : ushort
{
    None = 0,
    Readable = 1,
    Writable = 2,

    /// <summary>Other processes may have it mapped too: what they do is not seen.</summary>
    Shared = 4,

    /// <summary>Registers of a device: reading has effects, so nobody but the program's instruction ever does it.</summary>
    Device = 8,

    /// <summary>The kernel calls it [heap] where the program knows it.</summary>
    Heap = 16,

    /// <summary>The kernel calls it [stack] where the program knows it.</summary>
    Stack = 32,

    All = Readable | Writable | Shared | Device | Heap | Stack,
}
