using System;

namespace Haltpoint.Linux.Ptrace;

/// <summary>A set of signal numbers, 1 to 64.</summary>
internal readonly struct SignalSet(ulong lower, bool hasLast)
{
    /// <param name="bits">Bit n of the span is signal n.</param>
    public SignalSet(ReadOnlySpan<ulong> bits)
        : this(bits.Length > 0 ? bits[0] : 0, bits.Length > 1 && (bits[1] & 1) != 0)
    {
    }

    public bool Contains(int signal) => signal == SignalNumber.Last ? hasLast : signal is > 0 and < SignalNumber.Last && (lower & (1ul << signal)) != 0;
}
