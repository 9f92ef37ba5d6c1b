using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Cli.Output;

/// <summary>Writes an object a line.</summary>
internal sealed class JsonLines : IDisposable
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _line = new(512);

    public JsonLines(Stream output)
    {
        _output = output;
        Json = new Utf8JsonWriter(_line, s_options);
    }

    /// <summary>Writes into the line.</summary>
    public Utf8JsonWriter Json { get; }

    public void Begin() => Json.WriteStartObject();

    public void End()
    {
        Json.WriteEndObject();
        Json.Flush();
        _output.Write(_line.WrittenSpan);
        _output.WriteByte((byte)'\n');
        _line.ResetWrittenCount();
        Json.Reset(_line);
    }

    /// <summary>A number, or null when it is not known.</summary>
    public void WriteNumber(ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is { } known)
        {
            Json.WriteNumber(name, known);
        }
        else
        {
            Json.WriteNull(name);
        }
    }

    /// <summary>Function, file and line.</summary>
    public void WriteFrame(CodeFrame frame)
    {
        Json.WriteString("function"u8, frame.Name);
        Json.WriteString("file"u8, frame.File);
        WriteNumber("line"u8, frame.File is null ? null : (ulong)frame.Line);
    }

    public void WriteStack(IReadOnlyList<CodeFrame> stack)
    {
        Json.WriteStartArray("stack"u8);
        foreach (CodeFrame frame in stack)
        {
            Json.WriteStartObject();
            WriteFrame(frame);
            Json.WriteString("module"u8, frame.Module);
            Json.WriteBoolean("inlined"u8, frame.IsInlined);
            Json.WriteEndObject();
        }

        Json.WriteEndArray();
    }

    public void Flush() => _output.Flush();

    public void Dispose() => Json.Dispose();
}
