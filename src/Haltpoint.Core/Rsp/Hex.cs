using System;

namespace Haltpoint.Rsp;

/// <summary>Bytes as pairs of hex digits, high digit first.</summary>
public static unsafe class Hex
{
    private static ReadOnlySpan<byte> Digits => "0123456789abcdef"u8;

    public static byte Digit(int value) => Digits[value & 15];

    /// <returns>The digit's value, or -1 when it is none.</returns>
    public static int Value(byte digit)
    {
        int value = digit - '0';
        if ((uint)value <= 9)
        {
            return value;
        }

        value = (digit | 0x20) - 'a';
        return (uint)value < 6 ? value + 10 : -1;
    }

    /// <summary>Writes 2 * <paramref name="count"/> digits.</summary>
    /// <remarks>
    /// The bytes may lie in the upper half of the destination, ending where it ends: going forward, eight bytes at a time,
    /// what is written never passes what is still to be read.
    /// </remarks>
    public static void Encode(byte* from, int count, byte* to)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            ulong word = *(ulong*)(from + i);
            ulong low = Digits8((uint)word);
            ulong high = Digits8((uint)(word >> 32));
            *(ulong*)(to + (2 * i)) = low;
            *(ulong*)(to + (2 * i) + 8) = high;
        }

        for (; i < count; i++)
        {
            byte value = from[i];
            to[2 * i] = Digit(value >> 4);
            to[(2 * i) + 1] = Digit(value);
        }
    }

    private static ulong Digits8(uint bytes)
    {
        ulong lanes = bytes;
        lanes = (lanes | (lanes << 16)) & 0x0000_FFFF_0000_FFFF;
        lanes = (lanes | (lanes << 8)) & 0x00FF_00FF_00FF_00FF;
        ulong nibbles = ((lanes >> 4) & 0x000F_000F_000F_000F) | ((lanes & 0x000F_000F_000F_000F) << 8);

        // One in each byte whose nibble is a letter; letters start 39 above the digits.
        ulong letters = ((nibbles + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
        return nibbles + 0x3030_3030_3030_3030 + (letters * 39);
    }

    /// <summary>Reads pairs of digits until the span ends, in place or elsewhere.</summary>
    /// <returns>False at an odd digit or another character.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> digits, Span<byte> into)
    {
        if ((digits.Length & 1) != 0 || into.Length < digits.Length / 2)
        {
            return false;
        }

        for (int i = 0; i < digits.Length; i += 2)
        {
            int value = (Value(digits[i]) << 4) | Value(digits[i + 1]);
            if (value < 0)
            {
                return false;
            }

            into[i / 2] = (byte)value;
        }

        return true;
    }
}
