using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Symbols;

/// <summary>Reads the numbers of DWARF's call-frame information, in the image's own read-only section.</summary>
internal unsafe struct UnwindReader(byte* position)
{
    public byte* Position = position;

    public byte Byte() => *Position++;

    public uint UInt16() => (uint)(Byte() | (Byte() << 8));

    public uint UInt32()
    {
        uint value = Unsafe.ReadUnaligned<uint>(Position);
        Position += sizeof(uint);
        return value;
    }

    public ulong Unsigned()
    {
        ulong value = 0;
        int shift = 0;
        byte part;
        do
        {
            part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            shift += 7;
        }
        while ((part & 0x80) != 0);

        return value;
    }

    public long Signed()
    {
        long value = 0;
        int shift = 0;
        byte part;
        do
        {
            part = Byte();
            value |= (long)(part & 0x7F) << shift;
            shift += 7;
        }
        while ((part & 0x80) != 0);

        return (part & 0x40) != 0 && shift < 64 ? value | (-1L << shift) : value;
    }

    /// <summary>Passes over a pointer in one of the encodings that linkers use (LSB core specification, DW_EH_PE).</summary>
    public void SkipPointer(byte encoding) => Position += (encoding & 0x0F) switch
    {
        0x02 or 0x0A => 2,
        0x03 or 0x0B => 4,
        _ => 8,
    };
}
