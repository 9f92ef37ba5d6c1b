using System;
using Haltpoint.Breakpoints;

namespace Haltpoint.Core.Tests.Breakpoints;

/// <summary>A few hundred bytes at <see cref="Start"/>; outside of them, and where it was told so, nothing can be read or written.</summary>
internal struct FakeTrapMemory(byte[] bytes) : ITrapMemory
{
    public const ulong Start = 0x40_0000;

    public ulong ReadOnlyAt = ulong.MaxValue;
    public bool IsUnmapped;
    public int Writes;

    public readonly byte[] Bytes => bytes;

    public readonly bool TryRead(ulong address, Span<byte> into)
    {
        if (IsUnmapped || !IsInside(address, into.Length))
        {
            return false;
        }

        bytes.AsSpan((int)(address - Start), into.Length).CopyTo(into);
        return true;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> from)
    {
        if (IsUnmapped || !IsInside(address, from.Length) || (ReadOnlyAt >= address && ReadOnlyAt < address + (ulong)from.Length))
        {
            return false;
        }

        Writes++;
        from.CopyTo(bytes.AsSpan((int)(address - Start)));
        return true;
    }

    private readonly bool IsInside(ulong address, int length) => address >= Start && address + (ulong)length <= Start + (ulong)bytes.Length;
}
