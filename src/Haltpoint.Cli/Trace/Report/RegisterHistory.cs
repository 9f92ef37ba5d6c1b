using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace.Report;

/// <summary>What the bytes at one offset held over time, and who read and wrote them.</summary>
internal sealed class RegisterHistory(TimeScale scale, TracedMapping mapping, ulong offset)
{
    private readonly Dictionary<int, long> _sites = [];
    private readonly Cell[] _cells = new Cell[TimeScale.Bins];
    private int _doublings = scale.Doublings;

    public TracedMapping Mapping => mapping;

    public ulong Offset => offset;

    public long Reads { get; private set; }

    public long Writes { get; private set; }

    public TracedAccess Last { get; private set; }

    /// <summary>Accesses by the number of their site.</summary>
    public IReadOnlyDictionary<int, long> Sites => _sites;

    public void Add(in TracedAccess access, int bin, int site)
    {
        CatchUp();
        bool isRead = (access.Access & AccessKind.Read) != 0;
        bool isWrite = (access.Access & AccessKind.Write) != 0;
        Reads += isRead ? 1 : 0;
        Writes += isWrite ? 1 : 0;
        Last = access;
        _sites[site] = _sites.GetValueOrDefault(site) + 1;
        ref Cell cell = ref _cells[bin];
        cell.Reads += isRead ? 1u : 0;
        cell.Writes += isWrite ? 1u : 0;
        if (access.Value.Number is { } value)
        {
            cell.Merge(value, value, value);
        }
    }

    /// <summary>Bin, reads, writes, and least, greatest and last value of each bin that has any, one after the other; -1 for values that are not known.</summary>
    public IEnumerable<double> Cells()
    {
        CatchUp();
        for (int bin = 0; bin < TimeScale.Bins; bin++)
        {
            Cell cell = _cells[bin];
            if ((cell.Reads | cell.Writes) != 0)
            {
                yield return bin;
                yield return cell.Reads;
                yield return cell.Writes;
                yield return cell.HasValue ? cell.Least : -1;
                yield return cell.HasValue ? cell.Greatest : -1;
                yield return cell.HasValue ? cell.Latest : -1;
            }
        }
    }

    private void CatchUp()
    {
        for (; _doublings < scale.Doublings; _doublings++)
        {
            for (int bin = 0; bin < TimeScale.Bins / 2; bin++)
            {
                Cell merged = _cells[2 * bin];
                merged.Merge(_cells[(2 * bin) + 1]);
                _cells[bin] = merged;
            }

            Array.Clear(_cells, TimeScale.Bins / 2, TimeScale.Bins / 2);
        }
    }

    private struct Cell
    {
        public uint Reads;
        public uint Writes;
        public bool HasValue;
        public ulong Least;
        public ulong Greatest;
        public ulong Latest;

        public void Merge(in Cell later)
        {
            Reads += later.Reads;
            Writes += later.Writes;
            if (later.HasValue)
            {
                Merge(later.Least, later.Greatest, later.Latest);
            }
        }

        public void Merge(ulong least, ulong greatest, ulong latest)
        {
            Least = HasValue ? ulong.Min(Least, least) : least;
            Greatest = HasValue ? ulong.Max(Greatest, greatest) : greatest;
            Latest = latest;
            HasValue = true;
        }
    }
}
