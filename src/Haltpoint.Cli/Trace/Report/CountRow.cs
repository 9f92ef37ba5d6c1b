using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;

namespace Haltpoint.Cli.Trace.Report;

/// <summary>How many reads and writes some bytes had in each bin of the time.</summary>
internal sealed class CountRow(TimeScale scale)
{
    private readonly uint[] _reads = new uint[TimeScale.Bins];
    private readonly uint[] _writes = new uint[TimeScale.Bins];
    private int _doublings = scale.Doublings;

    public void Add(int bin, AccessKind access)
    {
        CatchUp();
        _reads[bin] += (access & AccessKind.Read) != 0 ? 1u : 0;
        _writes[bin] += (access & AccessKind.Write) != 0 ? 1u : 0;
    }

    /// <summary>Adds what another row has.</summary>
    public void Add(CountRow other)
    {
        CatchUp();
        other.CatchUp();
        for (int bin = 0; bin < TimeScale.Bins; bin++)
        {
            _reads[bin] += other._reads[bin];
            _writes[bin] += other._writes[bin];
        }
    }

    /// <summary>Bin, reads and writes of each bin that has any, one after the other.</summary>
    public IEnumerable<long> Cells()
    {
        CatchUp();
        for (int bin = 0; bin < TimeScale.Bins; bin++)
        {
            if ((_reads[bin] | _writes[bin]) != 0)
            {
                yield return bin;
                yield return _reads[bin];
                yield return _writes[bin];
            }
        }
    }

    private void CatchUp()
    {
        for (; _doublings < scale.Doublings; _doublings++)
        {
            Halve(_reads);
            Halve(_writes);
        }
    }

    private static void Halve(uint[] counts)
    {
        for (int bin = 0; bin < TimeScale.Bins / 2; bin++)
        {
            counts[bin] = counts[2 * bin] + counts[(2 * bin) + 1];
        }

        Array.Clear(counts, TimeScale.Bins / 2, TimeScale.Bins / 2);
    }
}
