using System;
using System.Buffers;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary><c>--output json</c>: an object a line for each hit, and one for the summary.</summary>
internal sealed class JsonHits : IHitWriter, IDisposable
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Utf8JsonWriter _json;

    public JsonHits(Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_line, s_options);
    }

    public void Write(in WatchHit hit)
    {
        _json.WriteStartObject();
        _json.WriteNumber("time"u8, hit.Time);
        _json.WriteNumber("cpu"u8, hit.Cpu);
        _json.WriteNumber("pid"u8, hit.ProcessId);
        _json.WriteNumber("tid"u8, hit.ThreadId);
        _json.WriteString("thread"u8, hit.ThreadName);
        _json.WriteString("access"u8, HitText.Access(hit.Access));
        _json.WriteString("address"u8, HitText.Hex(hit.Address));
        _json.WriteNumber("length"u8, hit.Length);
        WriteValue("value"u8, hit.Value);
        WriteValue("old"u8, hit.OldValue);
        _json.WriteBoolean("exact"u8, hit.IsExact);
        _json.WriteString("ip"u8, HitText.Hex(hit.InstructionPointer));
        WriteFrame(hit.Location);
        _json.WriteBoolean("kernel"u8, hit.IsKernel);
        _json.WriteNumber("count"u8, hit.Count);
        _json.WriteStartArray("stack"u8);
        foreach (CodeFrame frame in hit.Stack)
        {
            _json.WriteStartObject();
            WriteFrame(frame);
            _json.WriteString("module"u8, frame.Module);
            _json.WriteBoolean("inlined"u8, frame.IsInlined);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        EndLine();
    }

    public void Finish(WatchSummary summary)
    {
        _json.WriteStartObject();
        _json.WriteBoolean("summary"u8, true);
        _json.WriteNumber("hits"u8, summary.Hits);
        _json.WriteNumber("lost"u8, summary.Lost);
        EndLine();
        _output.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void WriteFrame(CodeFrame frame)
    {
        _json.WriteString("function"u8, frame.Name);
        _json.WriteString("file"u8, frame.File);
        if (frame.File is null)
        {
            _json.WriteNull("line"u8);
        }
        else
        {
            _json.WriteNumber("line"u8, frame.Line);
        }
    }

    private void WriteValue(ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is { } known)
        {
            _json.WriteNumber(name, known);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _output.Write(_line.WrittenSpan);
        _output.WriteByte((byte)'\n');
        _line.ResetWrittenCount();
        _json.Reset(_line);
    }
}
