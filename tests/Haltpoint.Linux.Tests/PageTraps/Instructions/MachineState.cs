using System;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>All that an instruction can read or change.</summary>
internal sealed class MachineState(ulong[] words, byte[] area, byte[] data)
{
    // What a step or the kernel puts there, and ID, which no request can set.
    private const ulong IgnoredFlags = 0x210100;
    private const int LastInstructionStart = 6;
    private const int LastInstructionEnd = 24;
    private const int SoftwareStart = 464;
    private const int HeaderEnd = 576;

    public ulong[] Words { get; } = words;

    public byte[] Area { get; } = area;

    public byte[] Data { get; } = data;

    public MachineState Copy() => new((ulong[])Words.Clone(), (byte[])Area.Clone(), (byte[])Data.Clone());

    /// <summary>The first difference in general registers, or null.</summary>
    public string? DifferenceInWords(MachineState other)
    {
        for (int i = 0; i < Words.Length; i++)
        {
            UserRegister register = (UserRegister)i;
            ulong ignored = register == UserRegister.Eflags ? IgnoredFlags : register == UserRegister.OrigRax ? ulong.MaxValue : 0;
            if (((Words[i] ^ other.Words[i]) & ~ignored) != 0)
            {
                return $"{register} 0x{Words[i]:x} and 0x{other.Words[i]:x}";
            }
        }

        return null;
    }

    /// <summary>The first difference anywhere, or null. Where the last x87 instruction was is left out: that of a moved one is its slot.</summary>
    public string? Difference(MachineState other)
    {
        if (DifferenceInWords(other) is { } difference)
        {
            return difference;
        }

        XsaveLayout layout = XsaveLayout.Of(Area);
        layout.FillInitial(Area);
        layout.FillInitial(other.Area);
        for (int i = 0; i < Area.Length; i++)
        {
            bool ignored = i is (>= LastInstructionStart and < LastInstructionEnd) or (>= SoftwareStart and < HeaderEnd);
            if (!ignored && Area[i] != other.Area[i])
            {
                return $"byte {i} of the state area 0x{Area[i]:x} and 0x{other.Area[i]:x}";
            }
        }

        int at = Data.AsSpan().CommonPrefixLength(other.Data);
        return at == Data.Length ? null : $"memory at 0x{ExecutorLayout.Data + (ulong)at:x} 0x{Data[at]:x} and 0x{other.Data[at]:x}";
    }
}
