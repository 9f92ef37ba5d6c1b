using System;
using System.Buffers.Text;
using System.Text;
using Haltpoint.Records;

namespace Haltpoint.Cli.Mmio;

/// <summary>Reads one line of the text format of Linux's mmiotrace (G-53 to G-65). Whatever the bytes are, the answer is an entry or a problem.</summary>
internal ref struct MmioLineParser(ReadOnlySpan<byte> line, long number)
{
    private const ulong KnownVersion = 20070824;
    private const int Regions = 7;
    private const int MicrosecondDigits = 6;

    private ReadOnlySpan<byte> _rest = line;
    private string? _problem;

    public void Read(IMmioSink sink, bool isFirst)
    {
        ReadOnlySpan<byte> word = Word();
        if (isFirst && !word.SequenceEqual("VERSION"u8))
        {
            sink.AddProblem(number, "a log begins with VERSION 20070824");
        }

        if (word.SequenceEqual("R"u8) || word.SequenceEqual("W"u8))
        {
            Finish(sink, ReadAccess(word[0] == 'R' ? TraceRecordKind.Read : TraceRecordKind.Write));
        }
        else if (word.SequenceEqual("UNKNOWN"u8))
        {
            Finish(sink, ReadUnknown());
        }
        else if (word.SequenceEqual("MAP"u8))
        {
            Finish(sink, ReadMap());
        }
        else if (word.SequenceEqual("UNMAP"u8))
        {
            Finish(sink, ReadUnmap());
        }
        else if (word.SequenceEqual("MARK"u8))
        {
            ReadMark(sink);
        }
        else if (word.SequenceEqual("PCIDEV"u8))
        {
            ReadDevice(sink);
        }
        else if (word.SequenceEqual("VERSION"u8))
        {
            ReadVersion(sink, isFirst);
        }
        else if (word.StartsWith("CPU:"u8))
        {
            ReadOverrun(sink);
        }
        else if (!word.SequenceEqual("LSPCI"u8) && !word.StartsWith("#"u8))
        {
            // What a script collects beside the log, and the head of a trace file that is no pipe, are left out.
            sink.AddProblem(number, word.IsEmpty ? "an empty line" : $"no line begins with '{Printable(word)}'");
        }
    }

    private MmioEntry ReadAccess(TraceRecordKind kind)
    {
        int width = (int)Decimal("width");
        if (_problem is null && width is not (1 or 2 or 4 or 8))
        {
            _problem = $"width {width} is none of 1, 2, 4 and 8";
        }

        MmioEntry entry = new() { Kind = kind, Line = number, Width = width, Time = Time(), MapId = MapId(), Physical = Hex("address"), Value = Hex("value") };
        return entry with { ProgramCounter = Hex("program counter"), Process = Process() };
    }

    private MmioEntry ReadUnknown()
    {
        MmioEntry entry = new() { Kind = TraceRecordKind.Unknown, Line = number, Time = Time(), MapId = MapId(), Physical = Hex("address") };
        ReadOnlySpan<byte> bytes = Word();
        if (_problem is null && (bytes.Length != 8 || bytes[2] != ',' || bytes[5] != ',' || !IsHex(bytes[..2]) || !IsHex(bytes[3..5]) || !IsHex(bytes[6..])))
        {
            _problem = "three bytes of the instruction are expected, as in f3,0f,6f";
        }

        return entry with { Text = Printable(bytes), ProgramCounter = Hex("program counter"), Process = Process() };
    }

    private MmioEntry ReadMap()
    {
        MmioEntry entry = new() { Kind = TraceRecordKind.Map, Line = number, Time = Time(), MapId = MapId(), Physical = Hex("physical address") };
        return entry with { Value = Hex("address"), Length = Hex("length"), ProgramCounter = Hex("program counter"), Process = Process() };
    }

    private MmioEntry ReadUnmap() =>
        new() { Kind = TraceRecordKind.Unmap, Line = number, Time = Time(), MapId = MapId(), ProgramCounter = Hex("program counter"), Process = Process() };

    private void ReadMark(IMmioSink sink)
    {
        long time = Time();
        ReadOnlySpan<byte> text = _rest.IsEmpty ? default : _rest[1..];
        ReadOnlySpan<byte> begin = "Lost "u8;
        if (text.StartsWith(begin) && text.EndsWith(" events."u8) && Utf8Parser.TryParse(text[begin.Length..], out long count, out _) && count >= 0)
        {
            sink.AddLost(count, number);
            return;
        }

        _rest = default;
        Finish(sink, new MmioEntry { Kind = TraceRecordKind.Mark, Line = number, Time = time, Text = Printable(text) });
    }

    // The ring buffer's own words, between the tracer's: CPU:1 [LOST 34 EVENTS]
    private void ReadOverrun(IMmioSink sink)
    {
        bool isLost = Word().SequenceEqual("[LOST"u8);
        long count = Decimal("number of events");
        if (!isLost || _problem is not null)
        {
            sink.AddProblem(number, "no line begins with 'CPU:'");
            return;
        }

        sink.AddLost(count, number);
    }

    private void ReadVersion(IMmioSink sink, bool isFirst)
    {
        ulong version = (ulong)Decimal("version");
        if (_problem is not null || version != KnownVersion || !isFirst)
        {
            sink.AddProblem(number, _problem ?? (isFirst ? $"version {version} is not known; 20070824 is" : "VERSION is for the first line"));
        }
    }

    private void ReadDevice(IMmioSink sink)
    {
        uint place = (uint)BareHex("place on the bus");
        uint identity = (uint)BareHex("vendor and device");
        BareHex("interrupt");
        ulong[] starts = new ulong[Regions];
        ulong[] sizes = new ulong[Regions];
        for (int i = 0; i < Regions; i++)
        {
            starts[i] = BareHex("region");
        }

        for (int i = 0; i < Regions; i++)
        {
            sizes[i] = BareHex("size of a region");
        }

        string driver = Printable(Word());
        if (_problem is null)
        {
            sink.AddDevice(new MmioDevice(place, identity, starts, sizes, driver));
        }
        else
        {
            sink.AddProblem(number, _problem);
        }
    }

    private readonly void Finish(IMmioSink sink, MmioEntry entry)
    {
        string? problem = _problem ?? (_rest.IsEmpty ? null : $"'{Printable(_rest)}' is too much");
        if (problem is null)
        {
            sink.Add(entry);
        }
        else
        {
            sink.AddProblem(number, problem);
        }
    }

    private ReadOnlySpan<byte> Word()
    {
        int start = !_rest.IsEmpty && _rest[0] == ' ' ? 1 : 0;
        int length = _rest[start..].IndexOf((byte)' ');
        ReadOnlySpan<byte> word = length < 0 ? _rest[start..] : _rest.Slice(start, length);
        _rest = length < 0 ? default : _rest[(start + length)..];
        return word;
    }

    private int Process()
    {
        long process = Decimal("process");
        return (int)long.Clamp(process, int.MinValue, int.MaxValue);
    }

    private int MapId() => (int)long.Clamp(Decimal("mapping"), int.MinValue, int.MaxValue);

    private long Decimal(string what)
    {
        ReadOnlySpan<byte> word = Word();
        if (!Utf8Parser.TryParse(word, out long value, out int used) || used != word.Length)
        {
            _problem ??= $"{Missing(word)} is no number: the {what} is expected";
        }

        return value;
    }

    private ulong Hex(string what)
    {
        ReadOnlySpan<byte> word = Word();
        ulong value = 0;
        int used = 0;
        if (!word.StartsWith("0x"u8) || word.Length == 2 || !Utf8Parser.TryParse(word[2..], out value, out used, 'x') || used != word.Length - 2)
        {
            _problem ??= $"{Missing(word)} is no number such as 0x1f: the {what} is expected";
        }

        return value;
    }

    private ulong BareHex(string what)
    {
        ReadOnlySpan<byte> word = Word();
        if (!Utf8Parser.TryParse(word, out ulong value, out int used, 'x') || used != word.Length)
        {
            _problem ??= $"{Missing(word)} is no hexadecimal number: the {what} is expected";
        }

        return value;
    }

    // Seconds, a point, and six digits.
    private long Time()
    {
        ReadOnlySpan<byte> word = Word();
        int point = word.IndexOf((byte)'.');
        if (point <= 0 || word.Length - point - 1 != MicrosecondDigits
            || !Utf8Parser.TryParse(word[..point], out uint seconds, out int used) || used != point
            || !Utf8Parser.TryParse(word[(point + 1)..], out uint microseconds, out used) || used != MicrosecondDigits)
        {
            _problem ??= $"{Missing(word)} is no time such as 12.000345";
            return 0;
        }

        return (seconds * 1_000_000L) + microseconds;
    }

    private static bool IsHex(ReadOnlySpan<byte> word) => Utf8Parser.TryParse(word, out uint _, out int used, 'x') && used == word.Length;

    private static string Missing(ReadOnlySpan<byte> word) => word.IsEmpty ? "nothing" : $"'{Printable(word)}'";

    /// <summary>A terminal is told nothing by what a file has in it.</summary>
    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        const int most = 80;
        StringBuilder text = new();
        foreach (byte value in bytes[..int.Min(bytes.Length, most)])
        {
            text.Append(value is >= 0x20 and < 0x7F ? (char)value : '?');
        }

        return text.Append(bytes.Length > most ? "..." : "").ToString();
    }
}
