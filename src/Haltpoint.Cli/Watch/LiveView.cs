using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Watching;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Haltpoint.Cli.Watch;

/// <summary>What a terminal shows while the watch runs: rate, top writers, the value's history, losses.</summary>
internal sealed class LiveView(HitTotals totals, MemoryWatch watch, string title)
{
    private const int Writers = 10;
    private const int SparklineWidth = 60;
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Shows it until <paramref name="end"/> is over, then takes it away.</summary>
    public void Show(Task end) => TerminalPicture.Show(end, Draw);

    /// <summary>The values as bars between the least and the greatest of them.</summary>
    public static string Sparkline(IReadOnlyList<ulong> values)
    {
        if (values.Count == 0)
        {
            return "";
        }

        ulong least = values.Min();
        double range = Math.Max(1.0, values.Max() - least);
        StringBuilder line = new();
        foreach (ulong value in values)
        {
            line.Append(Bars[(int)((value - least) / range * (Bars.Length - 1))]);
        }

        return line.ToString();
    }

    private Rows Draw()
    {
        lock (totals.Lock)
        {
            double rate = totals.TakeRate();
            WatchSummary summary = watch.Summary;
            List<IRenderable> rows =
            [
                new Text(title),
                new Text(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{totals.Hits:N0} hits, {rate:N0} per second, {summary.Lost:N0} lost, {totals.Elapsed.TotalSeconds:0} s; Ctrl-C ends")),
            ];
            if (totals.Hits > 0)
            {
                rows.Add(DrawWriters());
            }

            List<ulong> history = [.. totals.History.TakeLast(SparklineWidth)];
            if (history.Count > 1)
            {
                rows.Add(new Text($"{Sparkline(history)}  {AccessText.Value(history.Min())} to {AccessText.Value(history.Max())}"));
            }

            return new Rows(rows);
        }
    }

    private Table DrawWriters()
    {
        Table table = TerminalPicture.CreateTable(2, "hits", "share", "where", "function", "threads", "last change");
        foreach (HitTotals.Writer writer in totals.TopWriters(Writers))
        {
            table.AddRow(
                new Text(AccessText.Count(writer.Hits)),
                new Text(AccessText.Share(writer.Hits, totals.Hits)),
                new Text(HitTable.Where(writer.Place, writer.IsKernel)),
                new Text(writer.Place.Name),
                new Text(AccessText.Threads(writer.Threads)),
                new Text(HitTable.Change(writer.LastHit)));
        }

        return table;
    }
}
