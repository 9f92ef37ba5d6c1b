using System;

namespace Haltpoint.Rsp;

/// <summary>The CRC of <c>qCRC</c>: polynomial 0x04c11db7, high bit first, starting from all ones, not inverted at the end (gdb manual, "Separate Debug Files").</summary>
public unsafe ref struct Crc32
{
    private const uint Polynomial = 0x04C1_1DB7;

    private fixed uint _table[256];

    public Crc32()
    {
        Value = uint.MaxValue;
        for (uint index = 0; index < 256; index++)
        {
            uint entry = index << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                entry = (entry << 1) ^ ((entry >> 31) * Polynomial);
            }

            _table[index] = entry;
        }
    }

    public uint Value { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint value = Value;
        for (int i = 0; i < bytes.Length; i++)
        {
            value = (value << 8) ^ _table[(value >> 24) ^ bytes[i]];
        }

        Value = value;
    }
}
