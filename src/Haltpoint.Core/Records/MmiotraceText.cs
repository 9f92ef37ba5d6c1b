using System;

namespace Haltpoint.Records;

/// <summary>The lines of the text format of Linux's mmiotrace, version 20070824 (G-53 to G-60).</summary>
/// <remarks>Each method writes one line with its end into <c>line</c> and gives its length. <see cref="LongestLine"/> bytes are always enough.</remarks>
public static unsafe class MmiotraceText
{
    public const int LongestLine = 512;

    private const int LongestDriver = 200;

    /// <summary>The first line.</summary>
    public static ReadOnlySpan<byte> Version => "VERSION 20070824\n"u8;

    /// <param name="record">What to tell.</param>
    /// <param name="line">Where to.</param>
    public static int Write(in TraceRecord record, Span<byte> line)
    {
        TextWriter text = new(line);
        switch (record.Kind)
        {
            case TraceRecordKind.Read or TraceRecordKind.Write:
                text.Add(record.Kind == TraceRecordKind.Read ? "R "u8 : "W "u8);
                text.AddDecimal(record.Width);
                text.Add(" "u8);
                AddTimeAndMap(ref text, record);
                text.AddNumber(record.Physical);
                text.AddNumber(record.Value);
                AddEnd(ref text, record);
                break;
            case TraceRecordKind.Unknown:
                text.Add("UNKNOWN "u8);
                AddTimeAndMap(ref text, record);
                text.AddNumber(record.Physical);
                text.Add(" "u8);
                text.AddHex(record.Value & 0xFF, 2);
                text.Add(","u8);
                text.AddHex(record.Value >> 8 & 0xFF, 2);
                text.Add(","u8);
                text.AddHex(record.Value >> 16 & 0xFF, 2);
                AddEnd(ref text, record);
                break;
            case TraceRecordKind.Map:
                text.Add("MAP "u8);
                AddTimeAndMap(ref text, record);
                text.AddNumber(record.Physical);
                text.AddNumber(record.Value);
                text.AddNumber(record.Length);
                AddEnd(ref text, record);
                break;
            case TraceRecordKind.Unmap:
                text.Add("UNMAP "u8);
                AddTimeAndMap(ref text, record);
                AddEnd(ref text, record);
                break;
            case TraceRecordKind.Mark:
                text.Add("MARK "u8);
                text.AddTime(record.Time);
                text.Add(" "u8);
                text.Add(record.Text);
                text.Add("\n"u8);
                break;
            default:
                break;
        }

        return text.Length;
    }

    /// <summary>G-60: no time is known.</summary>
    public static int WriteLost(ulong count, Span<byte> line)
    {
        TextWriter text = new(line);
        text.Add("MARK 0.000000 Lost "u8);
        text.AddDecimal(count);
        text.Add(" events.\n"u8);
        return text.Length;
    }

    /// <param name="device">What to tell.</param>
    /// <param name="driver">May be empty; no more of it is written than fits, 200 bytes.</param>
    /// <param name="line">Where to.</param>
    public static int Write(in PciDeviceEntry device, ReadOnlySpan<byte> driver, Span<byte> line)
    {
        TextWriter text = new(line);
        text.Add("PCIDEV "u8);
        text.AddHex(device.Bus, 2);
        text.AddHex(device.DeviceFunction, 2);
        text.Add(" "u8);
        text.AddHex(device.Vendor, 4);
        text.AddHex(device.Device, 4);
        text.Add(" "u8);
        text.AddHex(device.Interrupt, 1);
        for (int i = 0; i < PciDeviceEntry.Regions; i++)
        {
            text.Add(" "u8);
            text.AddHex(device.Starts[i], 1);
        }

        for (int i = 0; i < PciDeviceEntry.Regions; i++)
        {
            text.Add(" "u8);
            text.AddHex(device.Sizes[i], 1);
        }

        text.Add(" "u8);
        text.Add(driver[..Math.Min(driver.Length, LongestDriver)]);
        text.Add("\n"u8);
        return text.Length;
    }

    private static void AddTimeAndMap(ref TextWriter text, in TraceRecord record)
    {
        text.AddTime(record.Time);
        text.Add(" "u8);
        if (record.MapId < 0)
        {
            text.Add("-"u8);
        }

        text.AddDecimal((ulong)(record.MapId < 0 ? -(long)record.MapId : record.MapId));
    }

    private static void AddEnd(ref TextWriter text, in TraceRecord record)
    {
        text.AddNumber(record.Kind is TraceRecordKind.Map or TraceRecordKind.Unmap ? 0 : record.ProgramCounter);
        text.Add(" "u8);
        text.AddDecimal((ulong)record.Process);
        text.Add("\n"u8);
    }

    private ref struct TextWriter(Span<byte> line)
    {
        private const ulong MicrosecondsPerSecond = 1_000_000;
        private const int MaxDigits = 20;

        private readonly Span<byte> _line = line;

        public int Length { get; private set; }

        public void Add(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_line[Length..]);
            Length += text.Length;
        }

        /// <summary>In hexadecimal, with what belongs before it.</summary>
        public void AddNumber(ulong value)
        {
            Add(" 0x"u8);
            AddHex(value, 1);
        }

        public void AddHex(ulong value, int least)
        {
            int shift = 60;
            while (shift > 0 && value >> shift == 0 && shift / 4 >= least)
            {
                shift -= 4;
            }

            for (; shift >= 0; shift -= 4)
            {
                _line[Length++] = "0123456789abcdef"u8[(int)(value >> shift & 0xF)];
            }
        }

        public void AddDecimal(ulong value, int least = 1)
        {
            byte* digits = stackalloc byte[MaxDigits];
            int count = 0;
            do
            {
                digits[count++] = (byte)('0' + (value % 10));
                value /= 10;
            }
            while (value != 0 || count < least);

            while (count > 0)
            {
                _line[Length++] = digits[--count];
            }
        }

        public void AddTime(ulong microseconds)
        {
            AddDecimal(microseconds / MicrosecondsPerSecond);
            Add("."u8);
            AddDecimal(microseconds % MicrosecondsPerSecond, 6);
        }
    }
}
