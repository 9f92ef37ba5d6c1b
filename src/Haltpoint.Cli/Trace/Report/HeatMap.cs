using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints;

namespace Haltpoint.Cli.Trace.Report;

/// <summary>Accesses of one mapping by offset and time. Only offsets that are used have a row; where there are too many, neighbours share one.</summary>
internal sealed class HeatMap(TimeScale scale)
{
    private const int MostRows = 1024;

    private Dictionary<ulong, CountRow> _rows = [];

    /// <summary>Log2 of the bytes of a row; a register of four bytes has one to itself.</summary>
    public int Shift { get; private set; } = 2;

    public long Count { get; private set; }

    public void Add(ulong offset, int bin, AccessKind access)
    {
        Count++;
        ulong key = offset >> Shift;
        if (!_rows.TryGetValue(key, out CountRow? row))
        {
            while (_rows.Count == MostRows)
            {
                Widen();
                key = offset >> Shift;
            }

            row = RowAt(key);
        }

        row.Add(bin, access);
    }

    /// <summary>The rows by offset, at most so many.</summary>
    public IReadOnlyList<(ulong Offset, CountRow Row)> Rows(int most)
    {
        while (_rows.Count > most)
        {
            Widen();
        }

        return [.. _rows.OrderBy(r => r.Key).Select(r => (r.Key << Shift, r.Value))];
    }

    private CountRow RowAt(ulong key)
    {
        if (!_rows.TryGetValue(key, out CountRow? row))
        {
            row = new CountRow(scale);
            _rows.Add(key, row);
        }

        return row;
    }

    private void Widen()
    {
        Dictionary<ulong, CountRow> narrow = _rows;
        _rows = [];
        Shift++;
        foreach ((ulong key, CountRow row) in narrow)
        {
            if (!_rows.TryAdd(key >> 1, row))
            {
                _rows[key >> 1].Add(row);
            }
        }
    }
}
