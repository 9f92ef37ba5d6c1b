using System;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Memory;

/// <summary>The memory that the loader says is ours.</summary>
internal static class MemoryMap
{
    private const int Capacity = 64;

    private static Storage s_ranges;
    private static int s_count;

    public static ReadOnlySpan<MemoryRange> Ranges => ((ReadOnlySpan<MemoryRange>)s_ranges)[..s_count];

    public static ulong Total
    {
        get
        {
            ulong total = 0;
            foreach (MemoryRange range in Ranges)
            {
                total += range.End - range.Start;
            }

            return total;
        }
    }

    /// <summary>Ranges come in ascending order; only whole pages count.</summary>
    public static void Add(ulong start, ulong length)
    {
        ulong first = (start + PageTables.PageSize - 1) & ~(PageTables.PageSize - 1);
        ulong end = (start + length) & ~(PageTables.PageSize - 1);
        if (first < end && s_count < Capacity)
        {
            s_ranges[s_count++] = new MemoryRange { Start = first, End = end };
        }
    }

    public static bool Contains(ulong start, ulong end)
    {
        foreach (MemoryRange range in Ranges)
        {
            if (start >= range.Start && end <= range.End)
            {
                return true;
            }
        }

        return false;
    }

    [InlineArray(Capacity)]
    private struct Storage
    {
        private MemoryRange _first;
    }
}
