using System;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>What the translation of a thread's system calls needs of the process.</summary>
internal interface ICallMemory
{
    /// <summary>Memory as the program sees it: in an armed range, what is at its home.</summary>
    /// <returns>Bytes read from the start; fewer than asked for where the program has no memory.</returns>
    int Read(ulong address, Span<byte> into);

    /// <summary>The same way round; protections that the program set count.</summary>
    bool TryWrite(ulong address, ReadOnlySpan<byte> bytes);

    /// <summary>Writable memory of the process outside of every armed range, for the call that is being entered.</summary>
    /// <remarks>All of it is free again when <see cref="CallPlan.Leave"/> returned anything but <see cref="CallEnd.Suspended"/>.
    /// Aligned to 16 bytes; below 4 GiB for a 32-bit program.</remarks>
    /// <returns>0 when there is not that much.</returns>
    ulong AllocateScratch(int length);
}
