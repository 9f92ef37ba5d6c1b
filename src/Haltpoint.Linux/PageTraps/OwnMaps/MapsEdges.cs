using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.PageTraps.OwnMaps;

/// <summary>Learns, before pages are armed, where mappings that look like one are two: what keeps them apart is not in the list.</summary>
internal static class MapsEdges
{
    /// <param name="traps">Without the run that is about to be armed.</param>
    /// <param name="map">As it is before.</param>
    /// <param name="border">Start or end of the run.</param>
    public static void Note(TrappedSpace traps, MemoryMap map, ulong border)
    {
        if (traps.Table.TryFindRun(border - 1, out _) || traps.Table.TryFindRun(border, out _))
        {
            // Known since that was armed, which shows in the map.
            return;
        }

        if (map.TryFind(border - 1, out Mapping before) && map.TryFind(border, out Mapping after) && after.Start == border && AreAlike(before, after))
        {
            traps.Edges.Add(border);
        }
        else
        {
            traps.Edges.Remove(border);
        }
    }

    private static bool AreAlike(in Mapping before, in Mapping after)
    {
        Mapping continued = before with
        {
            Start = after.Start, End = after.End, Offset = after.Offset == 0 && !after.IsFile ? 0 : before.Offset + (before.End - before.Start), Path = after.Path,
        };
        return continued == after && MapsNames.AreOfOne(before.Path, after.Path);
    }
}
