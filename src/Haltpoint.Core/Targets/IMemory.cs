using System;

namespace Haltpoint.Targets;

/// <summary>Memory of a process as its debugger sees it: inserted traps never show, and writes go under them.</summary>
public interface IMemory<TSelf>
    where TSelf : struct
{
    /// <summary>Reads what can be read from <paramref name="address"/> on.</summary>
    /// <returns>Bytes read from the start; fewer than asked when the rest cannot be read, 0 when nothing can.</returns>
    static abstract int ReadMemory(ref TSelf self, ThreadId thread, ulong address, Span<byte> into);

    /// <summary>Writes all of <paramref name="bytes"/>, to read-only text as well.</summary>
    static abstract TargetStatus WriteMemory(ref TSelf self, ThreadId thread, ulong address, ReadOnlySpan<byte> bytes);
}
