using System.Collections.Generic;
using System.Linq;

namespace Haltpoint.Linux.Tests.PageTraps;

/// <summary>How often each byte was read and written, whatever accesses that was in.</summary>
internal sealed class ByteCounts
{
    private readonly SortedDictionary<(string Who, char Direction, long Offset), int> _counts = [];

    public void Add(string who, char direction, long offset, long length, int times = 1)
    {
        for (long at = offset; at < offset + length; at++)
        {
            _counts[(who, direction, at)] = _counts.GetValueOrDefault((who, direction, at)) + times;
        }
    }

    /// <summary>Drops what is outside of what was watched.</summary>
    public void KeepOnly(params (long Start, long End)[] ranges)
    {
        foreach ((string Who, char Direction, long Offset) key in _counts.Keys.Where(k => !ranges.Any(r => k.Offset >= r.Start && k.Offset < r.End)).ToList())
        {
            _counts.Remove(key);
        }
    }

    /// <summary>Lines "who direction start+length times", neighbours with the same count together.</summary>
    public List<string> Describe()
    {
        List<string> lines = [];
        ((string Who, char Direction, long Offset) Key, int Times)? first = null;
        long length = 0;
        foreach (((string Who, char Direction, long Offset) key, int times) in _counts)
        {
            if (first is var (start, count) && start.Who == key.Who && start.Direction == key.Direction && start.Offset + length == key.Offset && count == times)
            {
                length++;
                continue;
            }

            Flush();
            first = (key, times);
            length = 1;
        }

        Flush();
        return lines;

        void Flush()
        {
            if (first is var (start, count))
            {
                lines.Add(System.FormattableString.Invariant($"{start.Who} {start.Direction} {start.Offset}+{length} {count}"));
            }
        }
    }
}
