using System;

namespace Haltpoint.Targets;

/// <summary>What is mapped where.</summary>
public interface IMemoryMap<TSelf>
    where TSelf : struct
{
    static virtual bool HasMemoryMap => false;

    /// <summary>The mapping that holds the address, or the hole that does.</summary>
    /// <param name="self">The target.</param>
    /// <param name="thread">Any thread of the process.</param>
    /// <param name="address">Any address.</param>
    /// <param name="region">What holds it.</param>
    /// <param name="name">Where the mapped file's path goes.</param>
    /// <param name="nameLength">Bytes of it, 0 when there is none.</param>
    static virtual bool TryGetRegion(ref TSelf self, ThreadId thread, ulong address, out MemoryRegion region, Span<byte> name, out int nameLength)
    {
        region = default;
        nameLength = 0;
        return false;
    }
}
