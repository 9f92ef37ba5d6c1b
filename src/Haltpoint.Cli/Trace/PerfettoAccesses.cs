using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary><c>--output perfetto</c>: a trace for ui.perfetto.dev: an instant on the thread's track for each access, and each offset's value as a counter.</summary>
/// <remarks>In the JSON form of trace events, which Perfetto reads; times are in microseconds there.</remarks>
internal sealed class PerfettoAccesses : ITraceWriter, IDisposable
{
    private readonly Utf8JsonWriter _json;
    private readonly HashSet<(int Thread, string Name)> _named = [];

    public PerfettoAccesses(Stream output)
    {
        _json = new Utf8JsonWriter(output);
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit", "ns");
        _json.WriteStartArray("traceEvents");
    }

    public void Map(TracedMapping mapping, long time) => WriteMapping("mapped", mapping, time);

    public void Unmap(TracedMapping mapping, long time) => WriteMapping("unmapped", mapping, time);

    public void Write(in TracedAccess access)
    {
        if (_named.Add((access.ThreadId, access.ThreadName)))
        {
            Begin("M", "thread_name", access.ProcessId, access.ThreadId, access.Time);
            _json.WriteStartObject("args");
            _json.WriteString("name", access.ThreadName);
            End();
        }

        string register = $"{access.Mapping.Name} + {AccessText.Hex(access.Offset)}";
        Begin("i", $"{AccessText.Access(access.Access)} {register}", access.ProcessId, access.ThreadId, access.Time);
        _json.WriteString("s", "t");
        _json.WriteStartObject("args");
        _json.WriteNumber("width", access.Width);
        _json.WriteString("address", AccessText.Hex(access.Address));
        _json.WriteString("value", access.Value.ToString());
        _json.WriteString("old", access.OldValue.ToString());
        _json.WriteBoolean("exact", access.IsExact);
        _json.WriteNumber("cpu", access.Cpu);
        _json.WriteString("function", access.Location.Name);
        _json.WriteString("where", AccessText.Where(access.Location));
        _json.WriteString("syscall", access.SystemCall);
        for (int i = 0; i < access.Stack.Count; i++)
        {
            _json.WriteString($"frame {i}", AccessText.Frame(access.Stack[i]));
        }

        End();
        if (access.Value.Number is { } value)
        {
            Begin("C", register, access.ProcessId, access.ThreadId, access.Time);
            _json.WriteStartObject("args");
            _json.WriteNumber("value", value);
            End();
        }

        if (_json.BytesPending > 64 * 1024)
        {
            _json.Flush();
        }
    }

    public void Finish(TraceSummary summary)
    {
        _json.WriteEndArray();
        _json.WriteStartObject("otherData");
        _json.WriteNumber("accesses", summary.Accesses);
        _json.WriteNumber("lost", summary.Lost);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void WriteMapping(string what, TracedMapping mapping, long time)
    {
        Begin("i", $"{what} {mapping.Name}", mapping.ProcessId, mapping.ProcessId, time);
        _json.WriteString("s", "p");
        _json.WriteStartObject("args");
        _json.WriteString("start", AccessText.Hex(mapping.Start));
        _json.WriteNumber("length", mapping.Length);
        End();
    }

    private void Begin(string phase, string name, int process, int thread, long time)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        _json.WriteNumber("pid", process);
        _json.WriteNumber("tid", thread);
        _json.WriteNumber("ts", Math.Round(time / 1000m, 3));
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.WriteEndObject();
    }
}
