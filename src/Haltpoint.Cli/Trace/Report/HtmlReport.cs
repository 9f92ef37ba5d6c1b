using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Haltpoint.Breakpoints;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace.Report;

/// <summary><c>--report</c>: one page with everything in it: offsets over time, top places, what each register held, the last accesses.</summary>
/// <remarks>Its size and the memory it takes depend on what was touched, not on how often.</remarks>
internal sealed class HtmlReport(Stream output, string title) : ITraceWriter
{
    private const string Template = "report.html";
    private const string DataMark = "\"DATA\"";
    private const string TitleMark = "TITLE";
    private const int MostMappings = 32;
    private const int MostRows = 256;
    private const int MostHistories = 1024;
    private const int MostSites = 10_000;
    private const int ShownMappings = 8;
    private const int ShownHistories = 64;
    private const int ShownSites = 40;
    private const int ShownAccesses = 2000;

    private readonly TimeScale _scale = new();
    private readonly Dictionary<int, (TracedMapping Mapping, HeatMap Map)> _maps = [];
    private readonly Dictionary<(int Mapping, ulong Offset), RegisterHistory> _histories = [];
    private readonly Dictionary<(string Function, string? File, int Line, string? SystemCall), Site> _sites = [];
    private readonly Queue<(TracedAccess Access, int Site)> _last = new();
    private long _end;

    public void Map(TracedMapping mapping, long time)
    {
        if (_maps.Count < MostMappings)
        {
            _maps.Add(mapping.Id, (mapping, new HeatMap(_scale)));
        }
    }

    public void Unmap(TracedMapping mapping, long time)
    {
        // Its picture stays.
    }

    public void Write(in TracedAccess access)
    {
        int bin = _scale.BinOf(access.Time);
        _end = long.Max(_end, access.Time);
        int site = SiteOf(access);
        if (_maps.TryGetValue(access.Mapping.Id, out (TracedMapping Mapping, HeatMap Map) entry))
        {
            entry.Map.Add(access.Offset, bin, access.Access);
        }

        (int, ulong) place = (access.Mapping.Id, access.Offset);
        if (!_histories.TryGetValue(place, out RegisterHistory? history) && _histories.Count < MostHistories)
        {
            history = new RegisterHistory(_scale, access.Mapping, access.Offset);
            _histories.Add(place, history);
        }

        history?.Add(access, bin, site);
        _last.Enqueue((access, site));
        if (_last.Count > ShownAccesses)
        {
            _last.Dequeue();
        }
    }

    public void Finish(TraceSummary summary)
    {
        string page = ReadTemplate();
        int mark = page.IndexOf(DataMark, StringComparison.Ordinal);
        using StreamWriter text = new(output, new UTF8Encoding(false), leaveOpen: true);
        text.Write(page[..mark].Replace(TitleMark, Escape(title), StringComparison.Ordinal));
        text.Flush();
        WriteData(summary);
        text.Write(page[(mark + DataMark.Length)..]);
    }

    private static string ReadTemplate()
    {
        using StreamReader reader = new(typeof(HtmlReport).Assembly.GetManifestResourceStream(Template)!);
        return reader.ReadToEnd();
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private int SiteOf(in TracedAccess access)
    {
        (string, string?, int, string?) key = (access.Location.Name, access.Location.File, access.Location.Line, access.SystemCall);
        if (!_sites.TryGetValue(key, out Site? site))
        {
            if (_sites.Count == MostSites)
            {
                return -1;
            }

            site = new Site { Number = _sites.Count, First = access };
            _sites.Add(key, site);
        }

        site.Reads += (access.Access & AccessKind.Read) != 0 ? 1 : 0;
        site.Writes += (access.Access & AccessKind.Write) != 0 ? 1 : 0;
        site.Threads[access.ThreadId] = access.ThreadName;
        return site.Number;
    }

    // The default encoder writes '<' as an escape, so nothing in a name can end the script.
    private void WriteData(TraceSummary summary)
    {
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteString("title", title);
        json.WriteNumber("accesses", summary.Accesses);
        json.WriteNumber("reads", summary.Reads);
        json.WriteNumber("writes", summary.Writes);
        json.WriteNumber("lost", summary.Lost);
        json.WriteNumber("start", _scale.Start);
        json.WriteNumber("duration", long.Max(_end - _scale.Start, 0));
        json.WriteNumber("binWidth", _scale.Width);
        json.WriteNumber("bins", long.Min(((_end - _scale.Start) / _scale.Width) + 1, TimeScale.Bins));
        WriteMaps(json);
        WriteRegisters(json);
        WriteSites(json);
        WriteAccesses(json);
        json.WriteEndObject();
    }

    private void WriteMaps(Utf8JsonWriter json)
    {
        List<(TracedMapping Mapping, HeatMap Map)> used = [.. _maps.Values.Where(m => m.Map.Count > 0).OrderByDescending(m => m.Map.Count)];
        json.WriteNumber("otherMappings", long.Max(used.Count - ShownMappings, 0));
        json.WriteStartArray("maps");
        foreach ((TracedMapping mapping, HeatMap map) in used.Take(ShownMappings))
        {
            IReadOnlyList<(ulong Offset, CountRow Row)> rows = map.Rows(MostRows);
            json.WriteStartObject();
            json.WriteNumber("id", mapping.Id);
            json.WriteNumber("pid", mapping.ProcessId);
            json.WriteString("name", mapping.Name);
            json.WriteString("start", AccessText.Hex(mapping.Start));
            json.WriteNumber("length", mapping.Length);
            json.WriteString("physical", mapping.PhysicalStart is { } physical ? AccessText.Hex(physical) : null);
            json.WriteNumber("count", map.Count);
            json.WriteNumber("rowBytes", 1ul << map.Shift);
            json.WriteStartArray("rows");
            foreach ((ulong offset, CountRow row) in rows)
            {
                json.WriteStartObject();
                json.WriteNumber("offset", offset);
                WriteArray(json, "cells", row.Cells().Select(c => (double)c));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRegisters(Utf8JsonWriter json)
    {
        json.WriteBoolean("allOffsets", _histories.Count < MostHistories);
        json.WriteNumber("offsets", _histories.Count);
        json.WriteStartArray("registers");
        foreach (RegisterHistory history in _histories.Values.OrderByDescending(h => h.Reads + h.Writes).Take(ShownHistories))
        {
            json.WriteStartObject();
            json.WriteNumber("map", history.Mapping.Id);
            json.WriteString("mapping", TraceText.Mapping(history.Mapping));
            json.WriteNumber("offset", history.Offset);
            json.WriteString("width", TraceText.Width(history.Last));
            json.WriteNumber("reads", history.Reads);
            json.WriteNumber("writes", history.Writes);
            json.WriteString("value", history.Last.Value.ToString());
            WriteArray(json, "cells", history.Cells());
            WriteArray(json, "sites", history.Sites.OrderByDescending(s => s.Value).Take(5).SelectMany(s => new double[] { s.Key, s.Value }));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteSites(Utf8JsonWriter json)
    {
        json.WriteNumber("siteCount", _sites.Count);
        json.WriteStartArray("sites");
        foreach (Site site in _sites.Values.OrderBy(s => s.Number))
        {
            json.WriteStartObject();
            json.WriteString("function", site.First.Location.Name);
            json.WriteString("where", TraceText.Where(site.First));
            json.WriteNumber("reads", site.Reads);
            json.WriteNumber("writes", site.Writes);
            json.WriteString("threads", AccessText.Threads(site.Threads));
            json.WriteStartArray("stack");
            foreach (CodeFrame frame in site.First.Stack)
            {
                json.WriteStringValue(AccessText.Frame(frame));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("shownSites", ShownSites);
    }

    private void WriteAccesses(Utf8JsonWriter json)
    {
        json.WriteStartArray("last");
        foreach ((TracedAccess access, int site) in _last)
        {
            json.WriteStartArray();
            json.WriteNumberValue(access.Time - _scale.Start);
            json.WriteStringValue(AccessText.Access(access.Access));
            json.WriteNumberValue(access.Mapping.Id);
            json.WriteNumberValue(access.Offset);
            json.WriteStringValue(TraceText.Width(access));
            json.WriteStringValue(TraceText.Values(access));
            json.WriteStringValue($"{access.ThreadName} ({access.ThreadId})");
            json.WriteNumberValue(site);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (double number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private sealed class Site
    {
        public int Number { get; init; }

        public TracedAccess First { get; init; }

        public long Reads { get; set; }

        public long Writes { get; set; }

        public Dictionary<int, string> Threads { get; } = [];
    }
}
