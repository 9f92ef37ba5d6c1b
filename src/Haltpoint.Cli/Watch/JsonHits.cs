using System;
using System.IO;
using System.Text.Json;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary><c>--output json</c>: an object a line for each hit, and one for the summary.</summary>
internal sealed class JsonHits(Stream output) : IHitWriter, IDisposable
{
    private readonly JsonLines _lines = new(output);

    public void Write(in WatchHit hit)
    {
        _lines.Begin();
        Utf8JsonWriter json = _lines.Json;
        json.WriteNumber("time"u8, hit.Time);
        json.WriteNumber("cpu"u8, hit.Cpu);
        json.WriteNumber("pid"u8, hit.ProcessId);
        json.WriteNumber("tid"u8, hit.ThreadId);
        json.WriteString("thread"u8, hit.ThreadName);
        json.WriteString("access"u8, AccessText.Access(hit.Access));
        json.WriteString("address"u8, AccessText.Hex(hit.Address));
        json.WriteNumber("length"u8, hit.Length);
        _lines.WriteNumber("value"u8, hit.Value);
        _lines.WriteNumber("old"u8, hit.OldValue);
        json.WriteBoolean("exact"u8, hit.IsExact);
        json.WriteString("ip"u8, AccessText.Hex(hit.InstructionPointer));
        _lines.WriteFrame(hit.Location);
        json.WriteBoolean("kernel"u8, hit.IsKernel);
        json.WriteNumber("count"u8, hit.Count);
        _lines.WriteStack(hit.Stack);
        _lines.End();
    }

    public void Finish(WatchSummary summary)
    {
        _lines.Begin();
        _lines.Json.WriteBoolean("summary"u8, true);
        _lines.Json.WriteNumber("hits"u8, summary.Hits);
        _lines.Json.WriteNumber("lost"u8, summary.Lost);
        _lines.End();
        _lines.Flush();
    }

    public void Dispose() => _lines.Dispose();
}
