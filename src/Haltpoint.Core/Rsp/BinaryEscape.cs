using System;

namespace Haltpoint.Rsp;

/// <summary>Binary data in packets: four byte values travel as '}' and the byte with bit 5 flipped (gdb manual, "Binary Data").</summary>
public static unsafe class BinaryEscape
{
    public const byte Escape = (byte)'}';
    public const byte Flip = 0x20;

    private const ulong Ones = 0x0101_0101_0101_0101;
    private const ulong Highs = 0x8080_8080_8080_8080;

    /// <summary>'*' too: a client would read it as the start of a run.</summary>
    public static bool IsSpecial(byte value) => value is (byte)'$' or (byte)'#' or (byte)'}' or (byte)'*';

    /// <summary>Writes as many bytes as fit, escaped.</summary>
    /// <remarks>
    /// The bytes may lie at the end of the destination. Where escapes would make what is written reach what is still to be
    /// read, the last of the bytes, which cannot fit any more, give way.
    /// </remarks>
    /// <param name="from">First byte.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="end">End of the destination.</param>
    /// <param name="taken">How many bytes are in what was written.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(byte* from, int count, byte* to, byte* end, out int taken)
    {
        bool overlaps = from >= to && from < end;
        byte* at = to;
        byte* source = from;
        byte* last = from + count;
        byte* nextWord = from;
        int shifted = 0;
        while (source < last)
        {
            // The word or byte that is read may be overwritten by itself, not what follows it.
            if (source >= nextWord && last - source >= 8 && (overlaps ? source + 8 : end) - at >= 8)
            {
                ulong word = *(ulong*)source;
                if (!HasSpecial(word))
                {
                    *(ulong*)at = word;
                    at += 8;
                    source += 8;
                    continue;
                }

                nextWord = source + 8;
            }

            byte value = *source;
            int length = IsSpecial(value) ? 2 : 1;
            if (end - at < length)
            {
                break;
            }

            if (overlaps && source + 1 - at < length)
            {
                int gap = MakeGap(source, last);
                source += gap;
                shifted += gap;
                continue;
            }

            if (length == 2)
            {
                *at++ = Escape;
                value ^= Flip;
            }

            *at++ = value;
            source++;
        }

        taken = (int)(source - from) - shifted;
        return (int)(at - to);
    }

    /// <summary>Moves the bytes up by some, over the last of them.</summary>
    private static int MakeGap(byte* source, byte* last)
    {
        int left = (int)(last - source);
        int gap = Math.Min(left, 1 + (left / 16));
        new ReadOnlySpan<byte>(source, left - gap).CopyTo(new Span<byte>(source + gap, left - gap));
        return gap;
    }

    /// <summary>Undoes the escapes in place.</summary>
    /// <returns>Bytes left, or -1 when the data ends inside an escape.</returns>
    public static int Decode(Span<byte> data)
    {
        fixed (byte* start = data)
        {
            byte* at = start;
            byte* source = start;
            byte* last = start + data.Length;
            while (source < last)
            {
                if (last - source >= 8 && HasZero(*(ulong*)source ^ (Ones * Escape)) == 0)
                {
                    *(ulong*)at = *(ulong*)source;
                    at += 8;
                    source += 8;
                    continue;
                }

                byte value = *source++;
                if (value == Escape)
                {
                    if (source == last)
                    {
                        return -1;
                    }

                    value = (byte)(*source++ ^ Flip);
                }

                *at++ = value;
            }

            return (int)(at - start);
        }
    }

    private static bool HasSpecial(ulong word) =>
        (HasZero(word ^ (Ones * (byte)'$')) | HasZero(word ^ (Ones * (byte)'#')) | HasZero(word ^ (Ones * (byte)'}')) | HasZero(word ^ (Ones * (byte)'*'))) != 0;

    // Non-zero exactly when a byte of the word is zero.
    private static ulong HasZero(ulong word) => (word - Ones) & ~word & Highs;
}
