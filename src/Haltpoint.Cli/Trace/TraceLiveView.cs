using System.Collections.Generic;
using System.Globalization;
using System.Threading.Tasks;
using Haltpoint.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Haltpoint.Cli.Trace;

/// <summary>What a terminal shows while the trace runs: accesses per second, hottest offsets, readers and writers by line.</summary>
internal sealed class TraceLiveView(TraceTotals totals, string title)
{
    private const int Shown = 8;

    /// <summary>Shows it until <paramref name="end"/> is over, then takes it away.</summary>
    public void Show(Task end) => TerminalPicture.Show(end, Draw);

    private Rows Draw()
    {
        lock (totals.Lock)
        {
            double rate = totals.TakeRate();
            List<IRenderable> rows =
            [
                new Text(title),
                new Text(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{totals.All.Count:N0} accesses, {rate:N0} per second, {totals.All.Reads:N0} reads, {totals.All.Writes:N0} writes, {totals.Elapsed.TotalSeconds:0} s; Ctrl-C ends")),
            ];
            if (totals.All.Count > 0)
            {
                rows.Add(DrawOffsets());
                rows.Add(DrawSites());
            }

            return new Rows(rows);
        }
    }

    private Table DrawOffsets()
    {
        Table table = TerminalPicture.CreateTable(4, "accesses", "reads", "writes", "offset", "mapping", "last value", "last by");
        foreach (TraceTotals.OffsetTally tally in totals.HottestOffsets(Shown))
        {
            table.AddRow(
                new Text(AccessText.Count(tally.Count)),
                new Text(AccessText.Count(tally.Reads)),
                new Text(AccessText.Count(tally.Writes)),
                new Text(AccessText.Hex(tally.Last.Offset)),
                new Text(TraceText.Mapping(tally.Last.Mapping)),
                new Text(TraceText.Values(tally.Last)),
                new Text(tally.Last.Location.Name));
        }

        return table;
    }

    private Table DrawSites()
    {
        Table table = TerminalPicture.CreateTable(4, "accesses", "reads", "writes", "share", "where", "function", "threads");
        foreach (TraceTotals.SiteTally site in totals.TopSites(Shown))
        {
            table.AddRow(
                new Text(AccessText.Count(site.Count)),
                new Text(AccessText.Count(site.Reads)),
                new Text(AccessText.Count(site.Writes)),
                new Text(AccessText.Share(site.Count, totals.All.Count)),
                new Text(TraceText.Where(site.Last)),
                new Text(site.Last.Location.Name),
                new Text(AccessText.Threads(site.Threads)));
        }

        return table;
    }
}
