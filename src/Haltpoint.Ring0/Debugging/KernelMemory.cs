using System;
using Haltpoint.Breakpoints;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Debugging;

/// <summary>The kernel's address space as traps are planted in it. A fault ends the copy and nothing else.</summary>
internal readonly unsafe struct KernelMemory : ITrapMemory
{
    public bool TryRead(ulong address, Span<byte> into)
    {
        fixed (byte* bytes = into)
        {
            return SafeMemory.Copy(bytes, (void*)address, (ulong)into.Length) == (ulong)into.Length;
        }
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> from)
    {
        fixed (byte* bytes = from)
        {
            return SafeMemory.Write(address, bytes, (ulong)from.Length) == (ulong)from.Length;
        }
    }
}
