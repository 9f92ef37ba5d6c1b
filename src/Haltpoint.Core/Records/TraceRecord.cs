using System;

namespace Haltpoint.Records;

/// <summary>One line of a trace of device registers.</summary>
public unsafe struct TraceRecord
{
    /// <summary>Bytes of the longest text of a mark.</summary>
    public const int MaxText = 64;

    public TraceRecordKind Kind;

    /// <summary>Bytes of the access, 1, 2, 4 or 8; of a mark, bytes of its text.</summary>
    public byte Width;

    /// <summary>The CPU that made the record.</summary>
    public ushort Cpu;

    /// <summary>The mapping's number, -1 for one that nobody knows.</summary>
    public int MapId;

    /// <summary>Grows by one from record to record, over all CPUs; what was lost has a number too.</summary>
    public ulong Sequence;

    /// <summary>In microseconds.</summary>
    public ulong Time;

    /// <summary>Address on the bus.</summary>
    public ulong Physical;

    /// <summary>What was read or written; of a mapping, its address in the kernel; of an unknown access, the first bytes of the instruction.</summary>
    public ulong Value;

    /// <summary>Of a mapping.</summary>
    public ulong Length;

    public ulong ProgramCounter;

    /// <summary>The last column; the kernel leaves it 0 (G-59).</summary>
    public int Process;

    private fixed byte _text[MaxText];

    /// <summary>The text of a mark.</summary>
    public readonly ReadOnlySpan<byte> Text
    {
        get
        {
            fixed (byte* text = _text)
            {
                return new ReadOnlySpan<byte>(text, Width);
            }
        }
    }

    /// <summary>What goes beyond <see cref="MaxText"/> is cut off.</summary>
    public void SetText(ReadOnlySpan<byte> text)
    {
        int length = text.Length < MaxText ? text.Length : MaxText;
        fixed (byte* bytes = _text)
        {
            text[..length].CopyTo(new Span<byte>(bytes, MaxText));
        }

        Width = (byte)length;
    }
}
