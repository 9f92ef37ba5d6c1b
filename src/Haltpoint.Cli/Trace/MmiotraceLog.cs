using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Tracing;
using Haltpoint.Records;
using TraceRecord = Haltpoint.Records.TraceRecord;
using TraceRecordKind = Haltpoint.Records.TraceRecordKind;

namespace Haltpoint.Cli.Trace;

/// <summary><c>--output mmiotrace</c>: the text format of the kernel's tracer of the same name, version 20070824, for the tools that read it.</summary>
/// <remarks>
/// The process is in the last column, which the kernel leaves 0, and the instruction before it. Where the address on the bus is not
/// known the virtual one stands in its place. An access wider than eight bytes is a line for each eight, the lowest first; one that
/// reads and writes is an R and a W.
/// </remarks>
internal sealed class MmiotraceLog : ITraceWriter
{
    private readonly TextWriter _output;

    public MmiotraceLog(TextWriter output, IEnumerable<PciDevice> devices)
    {
        _output = output;
        WriteLine(MmiotraceText.Version);
        foreach (PciDevice device in devices)
        {
            Write(device);
        }
    }

    public void Map(TracedMapping mapping, long time) => Write(Record(TraceRecordKind.Map, mapping, mapping.Start, time) with
    {
        Value = mapping.Start,
        Length = mapping.Length,
    });

    public void Unmap(TracedMapping mapping, long time) => Write(Record(TraceRecordKind.Unmap, mapping, mapping.Start, time));

    public void Write(in TracedAccess access)
    {
        AccessValue read = access.Access == AccessKind.Read ? access.Value : access.OldValue;
        bool isRead = (access.Access & AccessKind.Read) != 0;
        bool isWrite = (access.Access & AccessKind.Write) != 0;
        if ((isRead && !read.IsKnown) || (isWrite && !access.Value.IsKnown))
        {
            Write(Record(TraceRecordKind.Unknown, access) with { Value = access.InstructionStart });
            return;
        }

        if (isRead)
        {
            WriteWords(Record(TraceRecordKind.Read, access), read);
        }

        if (isWrite)
        {
            WriteWords(Record(TraceRecordKind.Write, access), access.Value);
        }
    }

    public void Finish(TraceSummary summary) => _output.Flush();

    private void WriteWords(in TraceRecord first, AccessValue value)
    {
        int width;
        for (int offset = 0; offset < value.Bytes.Length; offset += width)
        {
            // A rest of less than a word is what powers of two it has.
            int left = value.Bytes.Length - offset;
            width = left >= sizeof(ulong) ? sizeof(ulong) : 1 << int.Log2(left);
            ulong mask = ulong.MaxValue >> (64 - (8 * width));
            Write(first with { Width = (byte)width, Physical = first.Physical + (ulong)offset, Value = value.WordAt(offset) & mask });
        }
    }

    private void Write(in TraceRecord record)
    {
        Span<byte> line = stackalloc byte[MmiotraceText.LongestLine];
        WriteLine(line[..MmiotraceText.Write(record, line)]);
    }

    private unsafe void Write(PciDevice device)
    {
        PciDeviceEntry entry = new()
        {
            Bus = (byte)(device.Place >> 8),
            DeviceFunction = (byte)device.Place,
            Vendor = (ushort)(device.Identity >> 16),
            Device = (ushort)device.Identity,
            Interrupt = (uint)device.Interrupt,
        };
        for (int i = 0; i < PciDeviceEntry.Regions; i++)
        {
            entry.Starts[i] = device.Starts[i];
            entry.Sizes[i] = device.Sizes[i];
        }

        Span<byte> line = stackalloc byte[MmiotraceText.LongestLine];
        WriteLine(line[..MmiotraceText.Write(entry, Encoding.ASCII.GetBytes(device.Driver), line)]);
    }

    private void WriteLine(ReadOnlySpan<byte> line)
    {
        Span<char> text = stackalloc char[MmiotraceText.LongestLine];
        _output.Write(text[..Encoding.ASCII.GetChars(line, text)]);
    }

    private static TraceRecord Record(TraceRecordKind kind, in TracedAccess access) =>
        Record(kind, access.Mapping, access.Address, access.Time) with { ProgramCounter = access.InstructionPointer, Process = access.ProcessId };

    private static TraceRecord Record(TraceRecordKind kind, TracedMapping mapping, ulong address, long nanoseconds) => new()
    {
        Kind = kind,
        MapId = mapping.Id,
        Time = (ulong)(nanoseconds / 1000),
        Physical = mapping.PhysicalOf(address),
        Process = mapping.ProcessId,
    };
}
