using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary><c>--output json</c>: an object a line for each access, and one for the summary with the mappings.</summary>
internal sealed class JsonTrace(Stream output) : ITraceWriter, IDisposable
{
    private readonly JsonLines _lines = new(output);
    private readonly List<TracedMapping> _mappings = [];

    public void Map(TracedMapping mapping, long time) => _mappings.Add(mapping);

    public void Unmap(TracedMapping mapping, long time)
    {
        // The summary has every mapping.
    }

    public void Write(in TracedAccess access)
    {
        _lines.Begin();
        Utf8JsonWriter json = _lines.Json;
        json.WriteNumber("time"u8, access.Time);
        json.WriteNumber("tid"u8, access.ThreadId);
        _lines.WriteNumber("cpu"u8, access.Cpu < 0 ? null : (ulong)access.Cpu);
        json.WriteString("access"u8, AccessText.Access(access.Access));
        _lines.WriteNumber("width"u8, access.Width == 0 ? null : (ulong)access.Width);
        json.WriteString("mapping"u8, access.Mapping.Name);
        json.WriteNumber("offset"u8, access.Offset);
        json.WriteString("address"u8, AccessText.Hex(access.Address));
        WriteValue("value"u8, access.Value);
        WriteValue("old"u8, access.OldValue);
        json.WriteString("ip"u8, AccessText.Hex(access.InstructionPointer));
        _lines.WriteFrame(access.Location);
        json.WriteString("syscall"u8, access.SystemCall);
        if (access.Value.IsKnown && !access.IsExact)
        {
            json.WriteBoolean("exact"u8, false);
        }

        if (access.Stack.Count > 0)
        {
            _lines.WriteStack(access.Stack);
        }

        _lines.End();
    }

    public void Finish(TraceSummary summary)
    {
        _lines.Begin();
        Utf8JsonWriter json = _lines.Json;
        json.WriteBoolean("summary"u8, true);
        json.WriteNumber("accesses"u8, summary.Accesses);
        json.WriteNumber("reads"u8, summary.Reads);
        json.WriteNumber("writes"u8, summary.Writes);
        json.WriteNumber("lost"u8, summary.Lost);
        json.WriteStartArray("mappings"u8);
        foreach (TracedMapping mapping in _mappings)
        {
            json.WriteStartObject();
            json.WriteNumber("map"u8, mapping.Id);
            WriteMapping(mapping);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        _lines.End();
        _lines.Flush();
    }

    public void Dispose() => _lines.Dispose();

    private void WriteMapping(TracedMapping mapping)
    {
        Utf8JsonWriter json = _lines.Json;
        json.WriteNumber("pid"u8, mapping.ProcessId);
        json.WriteString("mapping"u8, mapping.Name);
        json.WriteString("start"u8, AccessText.Hex(mapping.Start));
        json.WriteNumber("length"u8, mapping.Length);
        json.WriteBoolean("device"u8, mapping.IsDevice);
        json.WriteString("physical"u8, mapping.PhysicalStart is { } physical ? AccessText.Hex(physical) : null);
    }

    // A vector register's bytes are no number that readers of JSON know.
    private void WriteValue(ReadOnlySpan<byte> name, AccessValue value)
    {
        if (value.IsKnown && value.Number is null)
        {
            _lines.Json.WriteString(name, value.ToString());
        }
        else
        {
            _lines.WriteNumber(name, value.Number);
        }
    }
}
