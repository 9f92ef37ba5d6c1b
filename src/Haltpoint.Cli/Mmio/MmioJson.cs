using System.IO;
using System.Text.Json;
using Haltpoint.Cli.Output;

namespace Haltpoint.Cli.Mmio;

/// <summary><c>--json</c>: the whole summary as one object. Times are microseconds, addresses strings in hexadecimal.</summary>
internal static class MmioJson
{
    public static void Write(Stream output, MmioSummary summary, long lines)
    {
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("lines"u8, lines);
        WriteTally(json, summary.All);
        json.WriteNumber("lost"u8, summary.Lost);
        json.WriteNumber("outOfOrder"u8, summary.OutOfOrder);
        json.WriteNumber("start"u8, summary.FirstTime);
        json.WriteNumber("end"u8, summary.EndTime);
        json.WriteNumber("problemCount"u8, summary.ProblemCount);
        json.WriteStartArray("problems"u8);
        foreach ((long line, string text) in summary.Problems)
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, line);
            json.WriteString("problem"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("mappings"u8);
        foreach (MmioMapping mapping in summary.Mappings)
        {
            json.WriteStartObject();
            json.WriteNumber("map"u8, mapping.Id);
            json.WriteString("physical"u8, AccessText.Hex(mapping.Physical));
            json.WriteString("address"u8, AccessText.Hex(mapping.Address));
            json.WriteNumber("length"u8, mapping.Length);
            json.WriteBoolean("unmapped"u8, mapping.IsUnmapped);
            json.WriteString("device"u8, mapping.Device?.Name);
            WriteTally(json, mapping.Tally);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("registers"u8);
        foreach (((int Mapping, ulong Physical) place, MmioTally tally) in summary.Registers)
        {
            json.WriteStartObject();
            json.WriteNumber("map"u8, place.Mapping);
            json.WriteString("physical"u8, AccessText.Hex(place.Physical));
            WriteTally(json, tally);
            json.WriteNumber("width"u8, tally.Last.Width);
            json.WriteString("last"u8, AccessText.Hex(tally.Last.Value));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("sites"u8);
        foreach ((ulong programCounter, MmioTally tally) in summary.Sites)
        {
            json.WriteStartObject();
            json.WriteString("pc"u8, AccessText.Hex(programCounter));
            WriteTally(json, tally);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("marks"u8);
        foreach ((long line, long time, string text) in summary.Marks)
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, line);
            json.WriteNumber("time"u8, time);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteTally(Utf8JsonWriter json, MmioTally tally)
    {
        json.WriteNumber("accesses"u8, tally.Count);
        json.WriteNumber("reads"u8, tally.Reads);
        json.WriteNumber("writes"u8, tally.Writes);
        json.WriteNumber("unknown"u8, tally.Unknown);
    }
}
