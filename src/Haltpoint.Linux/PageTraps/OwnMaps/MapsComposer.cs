using System;
using System.Collections.Generic;
using System.Text;

namespace Haltpoint.Linux.PageTraps.OwnMaps;

/// <summary>Makes of the text of /proc/PID/maps or smaps, read while pages are armed, what it would be without us.</summary>
internal static class MapsComposer
{
    /// <param name="text">One character for each byte.</param>
    /// <param name="runs">By address, without overlaps.</param>
    /// <param name="scratch">Start and end of the area of ours; empty for none.</param>
    /// <param name="edges">Borders of runs at which the kernel had two mappings that look like one.</param>
    /// <returns>Null when the text is not of a process with these runs.</returns>
    public static string? TryCompose(string text, IReadOnlyList<ShownRun> runs, (ulong Start, ulong End) scratch, IReadOnlySet<ulong> edges)
    {
        List<ShownRun> joined = Join(runs, edges);
        List<MapsBlock> shown = [];
        ulong missing = Rearrange(Parse(text), Holes(joined, scratch), shown);
        if (missing != 0)
        {
            return null;
        }

        HashSet<ulong> borders = [];
        foreach (ShownRun run in joined)
        {
            borders.Add(run.Start);
            borders.Add(run.End);
        }

        borders.ExceptWith(edges);
        shown.Sort((a, b) => a.Start.CompareTo(b.Start));
        StringBuilder composed = new(text.Length);
        for (int i = 0; i < shown.Count; i++)
        {
            MapsBlock block = shown[i];
            while (i + 1 < shown.Count && borders.Contains(block.End) && block.CanJoin(shown[i + 1]))
            {
                block = block.Join(shown[++i]);
            }

            block.AppendTo(composed);
        }

        return composed.ToString();
    }

    // Neighbours that lie side by side at home are one mapping there.
    private static List<ShownRun> Join(IReadOnlyList<ShownRun> runs, IReadOnlySet<ulong> edges)
    {
        List<ShownRun> joined = [];
        foreach (ShownRun run in runs)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.End == run.Start && last.Distance == run.Distance && last.Name == run.Name
                && !edges.Contains(run.Start))
            {
                joined[^1] = last with { End = run.End };
            }
            else
            {
                joined.Add(run);
            }
        }

        return joined;
    }

    private static List<MapsBlock> Parse(string text)
    {
        List<MapsBlock> blocks = [];
        List<MapsField> fields = [];
        foreach (string line in text.Split('\n'))
        {
            if (MapsBlock.TryParseHeader(line) is { } block)
            {
                fields = [];
                blocks.Add(block with { Fields = fields });
            }
            else if (line.Length > 0)
            {
                fields.Add(new MapsField(line));
            }
        }

        return blocks;
    }

    // What must not be seen where it is: the places of the runs, their homes, and the area of ours; by address.
    private static List<Hole> Holes(List<ShownRun> runs, (ulong Start, ulong End) scratch)
    {
        List<Hole> holes = [];
        foreach (ShownRun run in runs)
        {
            holes.Add(new Hole(run.Start, run.End, 0, ""));
            holes.Add(new Hole(run.Start + run.Distance, run.End + run.Distance, run.Distance, run.Name));
        }

        if (scratch.End > scratch.Start)
        {
            holes.Add(new Hole(scratch.Start, scratch.End, 0, ""));
        }

        holes.Sort((a, b) => a.Start.CompareTo(b.Start));
        return holes;
    }

    /// <returns>Bytes of homes that are not in the text.</returns>
    private static ulong Rearrange(List<MapsBlock> blocks, List<Hole> holes, List<MapsBlock> shown)
    {
        ulong missing = 0;
        foreach (Hole hole in holes)
        {
            missing += hole.Distance != 0 ? hole.End - hole.Start : 0;
        }

        int next = 0;
        foreach (MapsBlock block in blocks)
        {
            while (next < holes.Count && holes[next].End <= block.Start)
            {
                next++;
            }

            ulong at = block.Start;
            for (int i = next; i < holes.Count && holes[i].Start < block.End; i++)
            {
                Hole hole = holes[i];
                ulong start = Math.Max(hole.Start, block.Start);
                ulong end = Math.Min(hole.End, block.End);
                if (start > at)
                {
                    shown.Add(block.Slice(at, start));
                }

                if (hole.Distance != 0)
                {
                    missing -= end - start;
                    MapsBlock home = block.Slice(start, end);
                    string path = hole.Name.Length > 0 ? hole.Name : home.Path;
                    shown.Add(home with { Start = start - hole.Distance, End = end - hole.Distance, Path = path });
                }

                at = end;
            }

            if (at < block.End)
            {
                shown.Add(block.Slice(at, block.End));
            }
        }

        return missing;
    }

    // The distance is that from where its contents belong; 0 for what belongs nowhere.
    private readonly record struct Hole(ulong Start, ulong End, ulong Distance, string Name);
}
