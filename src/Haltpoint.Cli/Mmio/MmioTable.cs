using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Cli.Output;
using Haltpoint.Records;
using static System.FormattableString;

namespace Haltpoint.Cli.Mmio;

/// <summary>A log's summary for a person: mappings with their time line, registers, instructions, marks.</summary>
internal static class MmioTable
{
    private const int Rows = 20;
    private const int Columns = 40;

    public static void Write(TextWriter output, MmioSummary summary)
    {
        MmioTally all = summary.All;
        output.WriteLine(Invariant($"{all.Count:N0} accesses, {all.Reads:N0} reads and {all.Writes:N0} writes, in {(summary.EndTime - summary.FirstTime) / 1e6:0.000000} s; ")
            + (summary.Lost == 0 ? "none lost" : Invariant($"{summary.Lost:N0} LOST"))
            + (all.Unknown == 0 ? "" : Invariant($"; {all.Unknown:N0} by instructions the tracer did not know"))
            + (summary.OutOfOrder == 0 ? "" : Invariant($"; {summary.OutOfOrder:N0} lines out of order")));
        if (summary.Mappings.Count > 0)
        {
            WriteMappings(output, summary);
        }

        if (all.Count > 0)
        {
            WriteRegisters(output, summary);
            WriteSites(output, summary);
        }

        WriteMarks(output, summary);
        output.Flush();
    }

    private static void WriteMappings(TextWriter output, MmioSummary summary)
    {
        List<string[]> rows = [["map", "accesses", "reads", "writes", "physical", "length", "timeline".PadRight(Columns), "device"]];
        IEnumerable<MmioMapping> shown = summary.Mappings.OrderByDescending(m => m.Tally.Count).Take(Rows);
        foreach (MmioMapping mapping in shown)
        {
            rows.Add(
            [
                mapping.Id.ToString(CultureInfo.InvariantCulture), .. Counts(mapping.Tally), AccessText.Hex(mapping.Physical), AccessText.Hex(mapping.Length),
                mapping.Timeline.Draw(summary.FirstTime, summary.EndTime, Columns), mapping.Device?.Name ?? "",
            ]);
        }

        output.WriteLine();
        PlainTable.Write(output, rows, rightAligned: 6);
        WriteMore(output, summary.Mappings.Count, "mappings");
    }

    private static void WriteRegisters(TextWriter output, MmioSummary summary)
    {
        List<string[]> rows = [["accesses", "reads", "writes", "map", "offset", "width", "last", "value"]];
        foreach (((int Mapping, ulong Physical) place, MmioTally tally) in summary.Registers.Take(Rows))
        {
            MmioMapping? mapping = summary.Mappings.FirstOrDefault(m => m.Id == place.Mapping);
            rows.Add(
            [
                .. Counts(tally), place.Mapping.ToString(CultureInfo.InvariantCulture), AccessText.Hex(place.Physical - (mapping?.Physical ?? 0)),
                tally.Last.Width == 0 ? "?" : tally.Last.Width.ToString(CultureInfo.InvariantCulture), Letter(tally.Last.Kind),
                tally.Last.Kind == TraceRecordKind.Unknown ? tally.Last.Text! : AccessText.Hex(tally.Last.Value),
            ]);
        }

        output.WriteLine();
        PlainTable.Write(output, rows, rightAligned: 6);
        WriteMore(output, summary.RegisterCount, "registers");
    }

    private static void WriteSites(TextWriter output, MmioSummary summary)
    {
        List<string[]> rows = [["accesses", "reads", "writes", "share", "program counter"]];
        foreach ((ulong programCounter, MmioTally tally) in summary.Sites.Take(Rows))
        {
            rows.Add([.. Counts(tally), AccessText.Share(tally.Count, summary.All.Count), AccessText.Hex(programCounter)]);
        }

        output.WriteLine();
        PlainTable.Write(output, rows, rightAligned: 4);
        WriteMore(output, summary.SiteCount, "places");
    }

    private static void WriteMarks(TextWriter output, MmioSummary summary)
    {
        if (summary.Marks.Count > 0)
        {
            output.WriteLine();
        }

        foreach ((long line, long time, string text) in summary.Marks.Take(Rows))
        {
            output.WriteLine(Invariant($"{time / 1e6:0.000000} (line {line}): {text}"));
        }

        WriteMore(output, summary.Marks.Count, "marks");
    }

    private static void WriteMore(TextWriter output, int count, string what)
    {
        if (count > Rows)
        {
            output.WriteLine(Invariant($"and {count - Rows:N0} more {what}"));
        }
    }

    private static string Letter(TraceRecordKind kind) => kind switch
    {
        TraceRecordKind.Read => "r",
        TraceRecordKind.Write => "w",
        _ => "?",
    };

    private static string[] Counts(MmioTally tally) => [AccessText.Count(tally.Count), AccessText.Count(tally.Reads), AccessText.Count(tally.Writes)];
}
