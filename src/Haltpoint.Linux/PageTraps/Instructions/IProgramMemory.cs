using System;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Memory by the addresses that the program knows.</summary>
internal interface IProgramMemory
{
    /// <summary>All of it or false.</summary>
    bool TryRead(ulong address, Span<byte> into);

    /// <summary>All of it, or false with nothing written.</summary>
    bool TryWrite(ulong address, ReadOnlySpan<byte> bytes);
}
