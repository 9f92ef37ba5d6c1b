using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary><c>--output perfetto</c>: a trace for ui.perfetto.dev: an instant on the thread's track for each hit, and the value as a counter.</summary>
/// <remarks>In the JSON form of trace events, which Perfetto reads; times are in microseconds there.</remarks>
internal sealed class PerfettoTrace : IHitWriter, IDisposable
{
    private readonly Utf8JsonWriter _json;
    private readonly string _name;
    private readonly HashSet<(int Thread, string Name)> _named = [];

    public PerfettoTrace(Stream output, string name)
    {
        _json = new Utf8JsonWriter(output);
        _name = name;
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit", "ns");
        _json.WriteStartArray("traceEvents");
    }

    public void Write(in WatchHit hit)
    {
        if (_named.Add((hit.ThreadId, hit.ThreadName)))
        {
            Begin("M", "thread_name", hit);
            _json.WriteStartObject("args");
            _json.WriteString("name", hit.ThreadName);
            _json.WriteEndObject();
            _json.WriteEndObject();
        }

        Begin("i", hit.Location.Position ?? hit.Location.Name, hit);
        _json.WriteString("s", "t");
        _json.WriteStartObject("args");
        _json.WriteString("access", AccessText.Access(hit.Access));
        _json.WriteString("address", AccessText.Hex(hit.Address));
        _json.WriteString("value", AccessText.Value(hit.Value));
        _json.WriteString("old", AccessText.Value(hit.OldValue));
        _json.WriteBoolean("exact", hit.IsExact);
        _json.WriteBoolean("kernel", hit.IsKernel);
        _json.WriteNumber("count", hit.Count);
        _json.WriteNumber("cpu", hit.Cpu);
        _json.WriteString("function", hit.Location.Name);
        for (int i = 0; i < hit.Stack.Count; i++)
        {
            _json.WriteString($"frame {i}", AccessText.Frame(hit.Stack[i]));
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        if (hit.Value is { } value)
        {
            Begin("C", $"{_name} at {AccessText.Hex(hit.Address)}", hit);
            _json.WriteStartObject("args");
            _json.WriteNumber("value", value);
            _json.WriteEndObject();
            _json.WriteEndObject();
        }

        if (_json.BytesPending > 64 * 1024)
        {
            _json.Flush();
        }
    }

    public void Finish(WatchSummary summary)
    {
        _json.WriteEndArray();
        _json.WriteStartObject("otherData");
        _json.WriteNumber("hits", summary.Hits);
        _json.WriteNumber("lost", summary.Lost);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void Begin(string phase, string name, in WatchHit hit)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        _json.WriteNumber("pid", hit.ProcessId);
        _json.WriteNumber("tid", hit.ThreadId);
        _json.WriteNumber("ts", Math.Round(hit.Time / 1000m, 3));
    }
}
