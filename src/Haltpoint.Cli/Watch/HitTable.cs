using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary><c>--output table</c>: at the end, who wrote by source line, and the last hits.</summary>
internal sealed class HitTable(TextWriter output, HitTotals totals, string title) : IHitWriter
{
    private const int Writers = 20;

    public void Write(in WatchHit hit)
    {
        // The totals have it already.
    }

    public void Finish(WatchSummary summary)
    {
        output.WriteLine(title);
        output.WriteLine(SummaryLine(totals.Hits, summary.Lost, totals.Elapsed.TotalSeconds));
        if (totals.Hits > 0)
        {
            WriteWriters();
            WriteLast();
        }

        output.Flush();
    }

    public static string SummaryLine(long hits, long lost, double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{hits:N0} hit{(hits == 1 ? "" : "s")} in {seconds:0.0} s, {(lost == 0 ? "none" : lost.ToString("N0", CultureInfo.InvariantCulture))} lost");

    /// <summary>Where a hit was, for a table.</summary>
    public static string Where(CodeFrame place, bool isKernel) =>
        AccessText.Where(place) + (isKernel && place.Module != KernelSymbols.Module ? " (kernel)" : "");

    public static string Change(in WatchHit hit) =>
        hit.Value is null && hit.OldValue is null ? "" : $"{AccessText.Value(hit.OldValue)} -> {(hit.IsExact || hit.Value is null ? "" : "~")}{AccessText.Value(hit.Value)}";

    private void WriteWriters()
    {
        List<string[]> rows = [["hits", "share", "where", "function", "threads", "last change"]];
        List<HitTotals.Writer> writers = totals.TopWriters(Writers);
        foreach (HitTotals.Writer writer in writers)
        {
            rows.Add(
            [
                AccessText.Count(writer.Hits),
                AccessText.Share(writer.Hits, totals.Hits),
                Where(writer.Place, writer.IsKernel),
                writer.Place.Name,
                AccessText.Threads(writer.Threads),
                Change(writer.LastHit),
            ]);
        }

        output.WriteLine();
        PlainTable.Write(output, rows, rightAligned: 2);
        if (totals.WriterCount > writers.Count)
        {
            output.WriteLine($"and {totals.WriterCount - writers.Count} more places");
        }

        foreach (HitTotals.Writer writer in writers)
        {
            if (writer.CommonStack is not { } stack)
            {
                continue;
            }

            output.WriteLine();
            output.WriteLine($"{Where(writer.Place, writer.IsKernel)}, {stack.Hits} of its {writer.Hits} hits by");
            foreach (CodeFrame frame in stack.Frames)
            {
                output.WriteLine($"    {AccessText.Frame(frame)}{(frame.IsInlined ? " [inlined]" : "")}");
            }
        }
    }

    private void WriteLast()
    {
        List<string[]> rows = [["time", "cpu", "thread", "access", "change", "where", "function"]];
        bool isInexact = false;
        foreach (WatchHit hit in totals.Last)
        {
            isInexact |= hit is { IsExact: false, Value: not null };
            rows.Add(
            [
                ((hit.Time - totals.FirstTime) / 1e9).ToString("0.000000", CultureInfo.InvariantCulture),
                hit.Cpu.ToString(CultureInfo.InvariantCulture),
                HitText.Thread(hit),
                AccessText.Access(hit.Access) + (hit.Count > 1 ? $" x{hit.Count}" : ""),
                Change(hit),
                Where(hit.Location, hit.IsKernel),
                hit.Location.Name,
            ]);
        }

        output.WriteLine();
        output.WriteLine(totals.Hits > HitTotals.LastShown ? $"the last {HitTotals.LastShown} hits" : "every hit");
        PlainTable.Write(output, rows, rightAligned: 2);
        if (isInexact)
        {
            output.WriteLine("~ read after the hit, when others may have written");
        }
    }
}
