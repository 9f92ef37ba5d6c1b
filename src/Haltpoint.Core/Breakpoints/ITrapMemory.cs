using System;

namespace Haltpoint.Breakpoints;

/// <summary>Memory as it is, traps included. Implemented by a struct that is given as a type argument.</summary>
public interface ITrapMemory
{
    /// <summary>Reads all of the bytes or says no.</summary>
    bool TryRead(ulong address, Span<byte> into);

    /// <summary>True only when the bytes are there afterwards, for every thread or CPU that fetches them: a trap that did not take would never be hit.</summary>
    bool TryWrite(ulong address, ReadOnlySpan<byte> bytes);
}
