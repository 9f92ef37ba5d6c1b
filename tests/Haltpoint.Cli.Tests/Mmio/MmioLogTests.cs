using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Haltpoint.Cli.Mmio;
using Haltpoint.Records;
using Xunit;

namespace Haltpoint.Cli.Tests.Mmio;

public class MmioLogTests
{
    private const string Head = "VERSION 20070824\nPCIDEV 0020 123411e8 b fea00000 0 0 0 0 0 0 100000 0 0 0 0 0 0 edu\nMAP 1.000000 1 0xfea00000 0xffffd00000200000 0x100000 0x0 0\n";

    [Theory]
    // G-65.
    [InlineData("W 4 12.000345 1 0xfd000140 0x1 0x0 0", TraceRecordKind.Write, 4, 12_000_345, 1, 0xfd000140, 1)]
    [InlineData("R 1 0.000001 2 0xa0000 0xffffff80 0x0 0", TraceRecordKind.Read, 1, 1, 2, 0xa0000, 0xffffff80)]
    [InlineData("UNKNOWN 3.141592 1 0xfd000000 f3,0f,6f 0x0 0", TraceRecordKind.Unknown, 0, 3_141_592, 1, 0xfd000000, 0)]
    [InlineData("UNMAP 9.999999 -1 0x0 0", TraceRecordKind.Unmap, 0, 9_999_999, -1, 0, 0)]
    [InlineData("MAP 0.5 1 0x1 0x2 0x3 0x0 0", TraceRecordKind.None, 0, 0, 0, 0, 0)]
    [InlineData("MAP 0.500000 7 0xfea00000 0xffffd00000200000 0x100000 0x0 0", TraceRecordKind.Map, 0, 500_000, 7, 0xfea00000, 0xffffd00000200000)]
    public void A_line_is_read(string line, TraceRecordKind kind, int width, long time, int map, ulong physical, ulong value)
    {
        Collector found = Parse(line);

        if (kind == TraceRecordKind.None)
        {
            Assert.Single(found.Problems);
            return;
        }

        MmioEntry entry = Assert.Single(found.Entries);
        Assert.Equal((kind, width, time, map, physical, value), (entry.Kind, entry.Width, entry.Time, entry.MapId, entry.Physical, entry.Value));
        Assert.Empty(found.Problems);
    }

    [Theory]
    [InlineData("R 3 1.000000 1 0xfea00000 0x0 0x0 0", "width 3 is none of 1, 2, 4 and 8")]
    [InlineData("R 4 1.000 1 0xfea00000 0x0 0x0 0", "'1.000' is no time such as 12.000345")]
    [InlineData("R 4 1.000000 1 fea00000 0x0 0x0 0", "'fea00000' is no number such as 0x1f: the address is expected")]
    [InlineData("R 4 1.000000 1 0xfea00000 0x0 0x0", "nothing is no number: the process is expected")]
    [InlineData("R 4 1.000000 1 0xfea00000 0x0 0x0 0 more", "' more' is too much")]
    [InlineData("W 4", "nothing is no time such as 12.000345")]
    [InlineData("UNKNOWN 1.000000 1 0x1 f3,0f 0x0 0", "three bytes of the instruction are expected, as in f3,0f,6f")]
    [InlineData("PCIDEV 0020 123411e8 b", "nothing is no hexadecimal number: the region is expected")]
    [InlineData("VERSION 1", "VERSION is for the first line")]
    [InlineData("", "an empty line")]
    [InlineData("X\u001b[31m", "no line begins with 'X?[31m'")]
    public void A_wrong_line_is_told_with_its_number(string line, string problem)
    {
        MmioSummary summary = Summarise(Head + line + "\n");

        Assert.Equal([(4L, problem)], summary.Problems);
    }

    [Theory]
    [InlineData("R 4 1.000001 2 0xfea00000 0x0 0x0 0", "an access to mapping 2, which is not there")]
    [InlineData("R 4 1.000001 1 0xfeb00000 0x0 0x0 0", "an access to 0xfeb00000, outside of mapping 1")]
    [InlineData("R 4 1.000001 1 0xfe9ffffc 0x0 0x0 0", "an access to 0xfe9ffffc, outside of mapping 1")]
    [InlineData("UNMAP 1.000001 3 0x0 0", "mapping 3 is not there")]
    [InlineData("MAP 1.000001 1 0x1000 0x2000 0x1000 0x0 0", "mapping 1 is there already: a number is never given twice")]
    [InlineData("MAP 1.000001 2 0x1000 0x2000 0x0 0x0 0", "mapping 2 has no bytes")]
    public void A_log_that_contradicts_itself_is_told(string line, string problem)
    {
        MmioSummary summary = Summarise(Head + line + "\n");

        Assert.Equal([(4L, problem)], summary.Problems);
    }

    [Fact]
    public void Everything_is_counted()
    {
        MmioSummary summary = Summarise(Head
            + "W 4 1.000001 1 0xfea00004 0x12345678 0xffffffff8011e540 0\n"
            + "R 4 1.000003 1 0xfea00004 0xedcba987 0xffffffff801148f0 0\n"
            + "R 4 1.000002 1 0xfea00020 0x80 0xffffffff801148f0 0\n"
            + "UNKNOWN 1.000004 1 0xfea00020 f3,0f,6f 0x0 0\n"
            + "R 8 1.000005 1 0xfe9ffffc 0x0 0x0 0\n"
            + "MARK 1.000006 Read test.\n"
            + "MARK 0.000000 Lost 12 events.\n"
            + "CPU:1 [LOST 34 EVENTS]\n"
            + "LSPCI 00:04.0 whatever\n"
            + "UNMAP 1.000007 1 0x0 0\n"
            + "UNMAP 1.000008 -1 0x0 0\n");

        Assert.Empty(summary.Problems);
        Assert.Equal((5, 3, 1, 1), (summary.All.Count, summary.All.Reads, summary.All.Writes, summary.All.Unknown));
        Assert.Equal((46, 1), (summary.Lost, summary.OutOfOrder));
        Assert.Equal((1_000_000, 1_000_008), (summary.FirstTime, summary.EndTime));
        Assert.Equal("00:04.0 1234:11e8 (edu)", Assert.Single(summary.Mappings).Device!.Name);
        Assert.Equal([((1, 0xfea00004ul), 2L), ((1, 0xfea00020ul), 2L), ((1, 0xfe9ffffcul), 1L)], summary.Registers.Select(r => (r.Place, r.Tally.Count)).OrderByDescending(r => r.Item2).ThenBy(r => r.Place.Physical < 0xfea00000));
        Assert.Equal(2, summary.Sites.Single(s => s.ProgramCounter == 0xffffffff801148f0).Tally.Count);
        Assert.Equal(["Read test.", "12 events lost", "34 events lost"], summary.Marks.Select(m => m.Text));
    }

    [Theory]
    [InlineData("", 1, "the log is empty")]
    [InlineData("R 4 1.000001 1 0x0 0x0 0x0 0\n", 1, "a log begins with VERSION 20070824")]
    [InlineData("VERSION 20070825\n", 1, "version 20070825 is not known; 20070824 is")]
    [InlineData(Head + "MARK 1.000000 x", 4, "the last line has no end: the log was cut off")]
    public void A_log_that_is_none_or_not_whole_is_told(string text, long line, string problem) =>
        Assert.Contains((line, problem), Summarise(text).Problems);

    [Fact]
    public void A_line_without_end_costs_no_memory_and_the_next_one_is_read()
    {
        using Repeated log = new(Encoding.ASCII.GetBytes(Head + "MARK 1.000000 "), (byte)'x', 100_000_000, Encoding.ASCII.GetBytes("\nW 4 1.000001 1 0xfea00004 0x1 0x0 0\n"));
        MmioSummary summary = new();
        long before = GC.GetAllocatedBytesForCurrentThread();

        long lines = MmioLogReader.Read(log, summary);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal([(4L, "a line of more than 4096 bytes")], summary.Problems);
        Assert.Equal((5, 1), (lines, summary.All.Count));
    }

    [Fact]
    public void Hostile_bytes_end_in_problems_and_never_in_an_exception()
    {
        Random random = new(1);
        byte[] good = Encoding.ASCII.GetBytes(Head + "W 4 1.000001 1 0xfea00004 0x12345678 0xffffffff8011e540 0\nMARK 0.000000 Lost 12 events.\nUNKNOWN 1.000004 1 0xfea00020 f3,0f,6f 0x0 0\nUNMAP 1.000007 1 0x0 0\n");
        byte[] alphabet = Encoding.ASCII.GetBytes("0123456789abcdefx .,-\nRWMAPUNKOVESIL\0\u007f");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = (byte[])good.Clone();
            for (int change = random.Next(1, 12); change > 0; change--)
            {
                bad[random.Next(bad.Length)] = random.Next(4) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            MmioSummary summary = Summarise(bad.AsSpan(0, random.Next(bad.Length + 1)).ToArray());
            Assert.All(summary.Problems, p => Assert.All(p.Text, c => Assert.InRange(c, ' ', '~')));
        }
    }

    [Fact]
    public void What_the_kernel_writes_is_read_back()
    {
        byte[] line = new byte[MmiotraceText.LongestLine];
        TraceRecord record = new()
        {
            Kind = TraceRecordKind.Write, Width = 8, MapId = 3, Time = 12_000_345, Physical = 0xfd000140, Value = ulong.MaxValue, ProgramCounter = 0xffffffff80100000,
        };
        Assert.Equal("W 8 12.000345 3 0xfd000140 0xffffffffffffffff 0xffffffff80100000 0\n", Text(line, MmiotraceText.Write(record, line)));
        record.Kind = TraceRecordKind.Map;
        record.Length = 0x1000;
        Assert.Equal("MAP 12.000345 3 0xfd000140 0xffffffffffffffff 0x1000 0x0 0\n", Text(line, MmiotraceText.Write(record, line)));
        record.Kind = TraceRecordKind.Unmap;
        record.MapId = -1;
        Assert.Equal("UNMAP 12.000345 -1 0x0 0\n", Text(line, MmiotraceText.Write(record, line)));
        record.Kind = TraceRecordKind.Unknown;
        record.Value = 0x6F0FF3;
        Assert.Equal("UNKNOWN 12.000345 -1 0xfd000140 f3,0f,6f 0xffffffff80100000 0\n", Text(line, MmiotraceText.Write(record, line)));
        record.Kind = TraceRecordKind.Mark;
        record.SetText("Read test."u8);
        Assert.Equal("MARK 12.000345 Read test.\n", Text(line, MmiotraceText.Write(record, line)));
        Assert.Equal("MARK 0.000000 Lost 34 events.\n", Text(line, MmiotraceText.WriteLost(34, line)));
        Assert.Equal("VERSION 20070824\n", Encoding.ASCII.GetString(MmiotraceText.Version));
    }

    private static string Text(byte[] line, int length) => Encoding.ASCII.GetString(line, 0, length);

    private static MmioSummary Summarise(string text) => Summarise(Encoding.Latin1.GetBytes(text));

    private static MmioSummary Summarise(byte[] log)
    {
        MmioSummary summary = new();
        MmioLogReader.Read(new MemoryStream(log), summary);
        return summary;
    }

    private static Collector Parse(string line)
    {
        Collector found = new();
        new MmioLineParser(Encoding.ASCII.GetBytes(line), 2).Read(found, isFirst: false);
        return found;
    }

    private sealed class Collector : IMmioSink
    {
        public List<MmioEntry> Entries { get; } = [];

        public List<string> Problems { get; } = [];

        public void Add(in MmioEntry entry) => Entries.Add(entry);

        public void AddDevice(MmioDevice device)
        {
        }

        public void AddLost(long count, long line)
        {
        }

        public void AddProblem(long line, string problem) => Problems.Add(problem);
    }

    /// <summary>Some bytes, one byte many times, and some bytes.</summary>
    private sealed class Repeated(byte[] head, byte value, long count, byte[] tail) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => head.Length + count + tail.Length;

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int length)
        {
            long left = _position < head.Length ? head.Length - _position : _position < head.Length + count ? head.Length + count - _position : Length - _position;
            int part = (int)long.Min(left, length);
            Span<byte> target = buffer.AsSpan(offset, part);
            if (_position < head.Length)
            {
                head.AsSpan((int)_position, part).CopyTo(target);
            }
            else if (_position < head.Length + count)
            {
                target.Fill(value);
            }
            else
            {
                tail.AsSpan((int)(_position - head.Length - count), part).CopyTo(target);
            }

            _position += part;
            return part;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
