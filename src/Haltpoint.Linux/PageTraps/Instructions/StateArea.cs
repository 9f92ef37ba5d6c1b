using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>How much memory the instructions that save and restore the processor's state use.</summary>
internal static class StateArea
{
    private const int XsaveLeaf = 0xD;
    private const int SystemFeaturesOffset = 464;
    private const int HeaderEnd = 576;
    private const int Components = 63;

    // Where each component ends in standard format.
    private static readonly int[] s_ends = Ends();

    /// <summary>Bytes up to the end of the last component that is asked for, in standard format; the compacted one never needs more.</summary>
    /// <param name="area">Any area the kernel gave out: it tells which components the system turned on.</param>
    /// <param name="requested">What edx:eax asks for.</param>
    public static int Length(ReadOnlySpan<byte> area, ulong requested)
    {
        if (area.Length <= XsaveLayout.LegacyLength)
        {
            return 0;
        }

        ulong saved = requested & BinaryPrimitives.ReadUInt64LittleEndian(area[SystemFeaturesOffset..]);
        int length = HeaderEnd;
        for (int component = 2; component < Components; component++)
        {
            if ((saved >> component & 1) != 0)
            {
                length = int.Max(length, s_ends[component]);
            }
        }

        return length;
    }

    private static int[] Ends()
    {
        int[] ends = new int[Components];
        if (X86Base.CpuId(0, 0).Eax >= XsaveLeaf)
        {
            for (int component = 2; component < Components; component++)
            {
                (int length, int offset, _, _) = X86Base.CpuId(XsaveLeaf, component);
                ends[component] = length + offset;
            }
        }

        return ends;
    }
}
