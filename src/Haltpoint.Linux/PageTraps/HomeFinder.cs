using System;
using System.Collections.Generic;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Chooses where the contents of armed pages go: parts of the address space in which neither the program nor the kernel puts anything by itself.</summary>
/// <remarks>
/// The distance is a multiple of the largest page size, so that a mapping of huge pages can move, and the kernel moves whole tables of
/// pages in place of single ones. Neighbours share a distance where they can: an access that spans two of them then has one home.
/// </remarks>
internal sealed class HomeFinder
{
    private const ulong Alignment = 1ul << 30;

    // Far from where mappings grow down and the heap grows up.
    private const ulong Highest = 0x5000_0000_0000;
    private const ulong Lowest = 0x1000_0000_0000;
    private const ulong Margin = 64 * Alignment;

    private readonly List<ulong> _distances = [];

    /// <returns>What to add to an address to get to its home; 0 when there is no room.</returns>
    public ulong Find(MemoryMap map, ulong start, ulong end)
    {
        foreach (ulong known in _distances)
        {
            if (IsFree(map, start + known, end + known))
            {
                return known;
            }
        }

        ulong length = (end - start + (2 * Margin)) / Alignment * Alignment;
        for (ulong place = Highest - length; place >= Lowest; place -= Math.Min(length, place))
        {
            ulong home = place + Margin + (start % Alignment);
            if (IsFree(map, place, place + length + Alignment) && IsFree(map, home, home + (end - start)))
            {
                _distances.Add(home - start);
                return home - start;
            }
        }

        return 0;
    }

    /// <summary>Room for something of ours, out of the way of everything; 0 when there is none.</summary>
    public static ulong FindRoom(MemoryMap map, ulong length)
    {
        for (ulong place = Lowest; place < Highest; place += Alignment)
        {
            if (IsFree(map, place, place + length))
            {
                return place;
            }
        }

        return 0;
    }

    private static bool IsFree(MemoryMap map, ulong start, ulong end)
    {
        if (end <= start || start < Lowest || end > Highest + Alignment)
        {
            return false;
        }

        foreach (Mapping mapping in map.Mappings)
        {
            if (mapping.Start < end && mapping.End > start)
            {
                return false;
            }
        }

        return true;
    }
}
