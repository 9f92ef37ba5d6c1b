using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary><c>--output table</c>: at the end, the mappings, the hottest offsets, who read and wrote by source line, and the last accesses.</summary>
internal sealed class TraceTable(TextWriter output, TraceTotals totals, string title) : ITraceWriter
{
    private const int Rows = 20;

    public void Map(TracedMapping mapping, long time)
    {
        // One that is never accessed has no row.
    }

    public void Unmap(TracedMapping mapping, long time)
    {
    }

    public void Write(in TracedAccess access)
    {
        // The totals have it already.
    }

    public void Finish(TraceSummary summary)
    {
        output.WriteLine(title);
        output.WriteLine(TraceText.SummaryLine(totals.All.Count, totals.Elapsed.TotalSeconds));
        if (totals.All.Count > 0)
        {
            WriteMappings();
            WriteOffsets();
            WriteSites();
            WriteLast();
        }

        output.Flush();
    }

    private void WriteMappings()
    {
        List<string[]> rows = [["accesses", "reads", "writes", "map", "start", "length", "mapping"]];
        foreach (TraceTotals.Tally tally in totals.Mappings)
        {
            TracedMapping mapping = tally.Last.Mapping;
            rows.Add([.. Counts(tally), Number(mapping.Id), AccessText.Hex(mapping.Start), AccessText.Hex(mapping.Length), mapping.Name]);
        }

        output.WriteLine();
        PlainTable.Write(output, rows, rightAligned: 4);
    }

    private void WriteOffsets()
    {
        List<string[]> rows = [["accesses", "reads", "writes", "offset", "mapping", "width", "last value", "last by"]];
        List<TraceTotals.OffsetTally> offsets = totals.HottestOffsets(Rows);
        foreach (TraceTotals.OffsetTally tally in offsets)
        {
            TracedAccess last = tally.Last;
            rows.Add([.. Counts(tally), AccessText.Hex(last.Offset), TraceText.Mapping(last.Mapping), TraceText.Width(last), TraceText.Values(last), last.Location.Name]);
        }

        output.WriteLine();
        PlainTable.Write(output, rows, rightAligned: 4);
        WriteMore(totals.OffsetCount - offsets.Count, "offsets");
    }

    private void WriteSites()
    {
        List<string[]> rows = [["accesses", "reads", "writes", "share", "where", "function", "threads"]];
        List<TraceTotals.SiteTally> sites = totals.TopSites(Rows);
        foreach (TraceTotals.SiteTally site in sites)
        {
            rows.Add(
            [
                .. Counts(site), AccessText.Share(site.Count, totals.All.Count), TraceText.Where(site.Last), site.Last.Location.Name,
                AccessText.Threads(site.Threads),
            ]);
        }

        output.WriteLine();
        PlainTable.Write(output, rows, rightAligned: 4);
        WriteMore(totals.SiteCount - sites.Count, "places");
        foreach (TraceTotals.SiteTally site in sites)
        {
            if (site.CommonStack is not { } stack)
            {
                continue;
            }

            output.WriteLine();
            output.WriteLine($"{TraceText.Where(site.Last)}, {stack.Count} of its {site.Count} accesses by");
            foreach (CodeFrame frame in stack.Frames)
            {
                output.WriteLine($"    {AccessText.Frame(frame)}{(frame.IsInlined ? " [inlined]" : "")}");
            }
        }
    }

    private void WriteLast()
    {
        List<string[]> rows = [["time", "offset", "width", "access", "value", "mapping", "thread", "where", "function"]];
        bool isInexact = false;
        foreach (TracedAccess access in totals.Last)
        {
            isInexact |= access is { IsExact: false, Value.IsKnown: true };
            rows.Add(
            [
                ((access.Time - totals.FirstTime) / 1e9).ToString("0.000000", CultureInfo.InvariantCulture),
                AccessText.Hex(access.Offset),
                TraceText.Width(access),
                AccessText.Access(access.Access),
                TraceText.Values(access),
                TraceText.Mapping(access.Mapping),
                $"{access.ThreadName} ({access.ThreadId})",
                TraceText.Where(access),
                access.Location.Name,
            ]);
        }

        output.WriteLine();
        output.WriteLine(totals.All.Count > TraceTotals.LastShown ? $"the last {TraceTotals.LastShown} accesses" : "every access");
        PlainTable.Write(output, rows, rightAligned: 3);
        if (isInexact)
        {
            output.WriteLine("~ read beside the access, when others may have written");
        }
    }

    private void WriteMore(int count, string what)
    {
        if (count > 0)
        {
            output.WriteLine($"and {AccessText.Count(count)} more {what}");
        }
    }

    private static string[] Counts(TraceTotals.Tally tally) => [AccessText.Count(tally.Count), AccessText.Count(tally.Reads), AccessText.Count(tally.Writes)];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
