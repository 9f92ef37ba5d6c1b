using System;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Numbers of up to eight bytes in a program's memory.</summary>
internal static class MemoryValue
{
    public static bool TryRead<TMemory>(ref TMemory memory, ulong address, int size, out ulong value)
        where TMemory : struct, IProgramMemory
    {
        value = 0;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<ulong>(ref value));
        return size <= sizeof(ulong) && memory.TryRead(address, bytes[..size]);
    }

    public static bool TryWrite<TMemory>(ref TMemory memory, ulong address, int size, ulong value)
        where TMemory : struct, IProgramMemory
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value));
        return size <= sizeof(ulong) && memory.TryWrite(address, bytes[..size]);
    }
}
