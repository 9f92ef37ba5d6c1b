using System;
using System.Linq;

namespace Haltpoint.Cli.Mmio;

/// <summary>How many accesses fell into each slice of the time. Slices double when the time outgrows them.</summary>
internal sealed class MmioTimeline
{
    private const int Slices = 64;
    private const string Levels = " .:-=+*#%@";

    private readonly long[] _counts = new long[Slices];
    private long _width = 1;
    private long _start = -1;

    public void Add(long time)
    {
        _start = _start < 0 ? time : _start;
        long since = long.Max(time - _start, 0);
        while (since / _width >= Slices)
        {
            for (int i = 0; i < Slices / 2; i++)
            {
                _counts[i] = _counts[2 * i] + _counts[(2 * i) + 1];
            }

            Array.Clear(_counts, Slices / 2, Slices / 2);
            _width *= 2;
        }

        _counts[since / _width]++;
    }

    /// <summary>A character for each slice of the whole log's time.</summary>
    /// <param name="from">Microseconds.</param>
    /// <param name="to">Microseconds.</param>
    /// <param name="columns">How many.</param>
    public string Draw(long from, long to, int columns)
    {
        double[] cells = new double[columns];
        double span = long.Max(to - from, 1);
        for (int i = 0; i < Slices; i++)
        {
            if (_counts[i] > 0)
            {
                int cell = (int)((_start + (i * _width) - from) / span * columns);
                cells[int.Clamp(cell, 0, columns - 1)] += _counts[i];
            }
        }

        double most = double.Max(cells.Max(), 1);
        return string.Concat(cells.Select(c => Levels[c == 0 ? 0 : 1 + (int)(c / most * (Levels.Length - 2))]));
    }
}
