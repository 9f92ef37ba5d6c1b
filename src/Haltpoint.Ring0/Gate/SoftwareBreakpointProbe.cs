using System;
using Haltpoint.Breakpoints;

namespace Haltpoint.Ring0.Gate;

/// <summary>Traps in memory of its own, through every state they have.</summary>
internal static unsafe class SoftwareBreakpointProbe
{
    private const int MemoryLength = 64;
    private const int Capacity = 4;

    /// <summary>A sum over what the memory and its reader saw at each step.</summary>
    public static ulong Run()
    {
        byte* bytes = stackalloc byte[MemoryLength];
        SoftwareBreakpoint* entries = stackalloc SoftwareBreakpoint[Capacity];
        Memory memory = new(bytes);
        SoftwareBreakpoints traps = new(entries, Capacity);
        ulong sum = 0;
        for (ulong address = 0; address < MemoryLength; address += 5)
        {
            sum = Add(sum, (byte)traps.Insert(ref memory, address, TrapInstruction.X86), bytes, traps);
        }

        sum = Add(sum, (byte)traps.Lift(ref memory, 5), bytes, traps);
        sum = Add(sum, (byte)traps.Write(ref memory, 3, "over and under"u8), bytes, traps);
        sum = Add(sum, (byte)traps.Plant(ref memory, 5), bytes, traps);
        sum = Add(sum, (byte)traps.Remove(ref memory, 10), bytes, traps);
        traps.Forget(0, 1);
        traps.ForgetRemoved();
        sum = Add(sum, (byte)traps.EraseFrom(ref memory), bytes, traps);
        return Add(sum, (byte)traps.RemoveAll(ref memory), bytes, traps);
    }

    private static ulong Add(ulong sum, byte status, byte* memory, in SoftwareBreakpoints traps)
    {
        Span<byte> seen = stackalloc byte[MemoryLength];
        new ReadOnlySpan<byte>(memory, MemoryLength).CopyTo(seen);
        traps.Uncover(0, seen);
        sum = (sum * 31) + status;
        for (int i = 0; i < MemoryLength; i++)
        {
            sum = (((sum * 31) + memory[i]) * 31) + seen[i];
        }

        return sum;
    }

    private readonly struct Memory(byte* bytes) : ITrapMemory
    {
        public bool TryRead(ulong address, Span<byte> into) =>
            address <= (ulong)(MemoryLength - into.Length) && new ReadOnlySpan<byte>(bytes + address, into.Length).TryCopyTo(into);

        public bool TryWrite(ulong address, ReadOnlySpan<byte> from) =>
            address <= (ulong)(MemoryLength - from.Length) && from.TryCopyTo(new Span<byte>(bytes + address, MemoryLength - (int)address));
    }
}
