using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Tracing;

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
        _output.Write("VERSION 20070824\n");
        foreach (PciDevice device in devices)
        {
            _output.Write(Line(device));
        }
    }

    public void Map(TracedMapping mapping, long time) => _output.Write(string.Create(
        CultureInfo.InvariantCulture,
        $"MAP {Time(time)} {mapping.Id} 0x{mapping.PhysicalOf(mapping.Start):x} 0x{mapping.Start:x} 0x{mapping.Length:x} 0x0 {mapping.ProcessId}\n"));

    public void Unmap(TracedMapping mapping, long time) => _output.Write(string.Create(
        CultureInfo.InvariantCulture, $"UNMAP {Time(time)} {mapping.Id} 0x0 {mapping.ProcessId}\n"));

    public void Write(in TracedAccess access)
    {
        AccessValue read = access.Access == AccessKind.Read ? access.Value : access.OldValue;
        bool isRead = (access.Access & AccessKind.Read) != 0;
        bool isWrite = (access.Access & AccessKind.Write) != 0;
        if ((isRead && !read.IsKnown) || (isWrite && !access.Value.IsKnown))
        {
            WriteUnknown(access);
            return;
        }

        if (isRead)
        {
            WriteWords('R', access, read);
        }

        if (isWrite)
        {
            WriteWords('W', access, access.Value);
        }
    }

    public void Finish(TraceSummary summary) => _output.Flush();

    private void WriteWords(char direction, in TracedAccess access, AccessValue value)
    {
        ulong address = access.Mapping.PhysicalOf(access.Address);
        int width;
        for (int offset = 0; offset < value.Bytes.Length; offset += width)
        {
            // A rest of less than a word is what powers of two it has.
            int left = value.Bytes.Length - offset;
            width = left >= sizeof(ulong) ? sizeof(ulong) : 1 << int.Log2(left);
            ulong mask = ulong.MaxValue >> (64 - (8 * width));
            _output.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{direction} {width} {Time(access.Time)} {access.Mapping.Id} 0x{address + (ulong)offset:x} 0x{value.WordAt(offset) & mask:x} 0x{access.InstructionPointer:x} {access.ProcessId}\n"));
        }
    }

    private void WriteUnknown(in TracedAccess access)
    {
        uint bytes = access.InstructionStart;
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"UNKNOWN {Time(access.Time)} {access.Mapping.Id} 0x{access.Mapping.PhysicalOf(access.Address):x} {bytes & 0xFF:x2},{(bytes >> 8) & 0xFF:x2},{(bytes >> 16) & 0xFF:x2} 0x{access.InstructionPointer:x} {access.ProcessId}\n"));
    }

    private static string Line(PciDevice device)
    {
        string Numbers(IReadOnlyList<ulong> numbers)
        {
            string[] words = new string[PciDevice.Regions];
            for (int i = 0; i < words.Length; i++)
            {
                words[i] = numbers[i].ToString("x", CultureInfo.InvariantCulture);
            }

            return string.Join(' ', words);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"PCIDEV {device.Place:x4} {device.Identity:x8} {device.Interrupt:x} {Numbers(device.Starts)} {Numbers(device.Sizes)} {device.Driver}\n");
    }

    private static string Time(long nanoseconds)
    {
        long microseconds = nanoseconds / 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000}.{microseconds % 1_000_000:D6}");
    }
}
