using System;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Text;

/// <summary>A piece of output under construction; the C# compiler makes the calls from an interpolated string. What goes beyond the capacity is cut off.</summary>
[InterpolatedStringHandler]
internal unsafe ref struct Line
{
    private const int Capacity = 256;
    private const int MaxDigits = 20;

    private Bytes _bytes;
    private int _length;

    public Line(int literalLength, int formattedCount)
    {
    }

    public readonly ReadOnlySpan<byte> Text
    {
        get
        {
            fixed (byte* bytes = (ReadOnlySpan<byte>)_bytes)
            {
                return new ReadOnlySpan<byte>(bytes, _length);
            }
        }
    }

    public void AppendLiteral(string text)
    {
        ref char first = ref Unsafe.AsRef(in text.GetPinnableReference());
        for (int i = 0; i < text.Length; i++)
        {
            Append((byte)Unsafe.Add(ref first, i));
        }
    }

    public void AppendFormatted(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            Append(value);
        }
    }

    /// <param name="alignment">The width; negative to have the space on the right.</param>
    public void AppendFormatted(ReadOnlySpan<byte> text, int alignment)
    {
        Pad(alignment - text.Length);
        AppendFormatted(text);
        Pad(-alignment - text.Length);
    }

    public void AppendFormatted(int value) => AppendNumber((ulong)(value < 0 ? -(long)value : value), 0, value < 0);

    public void AppendFormatted(int value, int alignment) => AppendNumber((ulong)(value < 0 ? -(long)value : value), alignment, value < 0);

    public void AppendFormatted(long value) => AppendNumber((ulong)(value < 0 ? -value : value), 0, value < 0);

    public void AppendFormatted(long value, int alignment) => AppendNumber((ulong)(value < 0 ? -value : value), alignment, value < 0);

    public void AppendFormatted(ulong value) => AppendNumber(value, 0, false);

    public void AppendFormatted(ulong value, int alignment) => AppendNumber(value, alignment, false);

    /// <param name="format">"x": hexadecimal; with digits after it, at least so many.</param>
    public void AppendFormatted(ulong value, string format)
    {
        int digits = 0;
        ref char first = ref Unsafe.AsRef(in format.GetPinnableReference());
        for (int i = 1; i < format.Length; i++)
        {
            digits = (digits * 10) + Unsafe.Add(ref first, i) - '0';
        }

        AppendHex(value, digits);
    }

    /// <summary>Decimal, with zeroes in front.</summary>
    public void AppendPadded(ulong value, int digits)
    {
        ulong place = 1;
        for (int i = 1; i < digits; i++)
        {
            place *= 10;
        }

        for (; place > 0; place /= 10)
        {
            Append((byte)('0' + (value / place % 10)));
        }
    }

    private void AppendHex(ulong value, int least)
    {
        int shift = 60;
        while (shift > 0 && value >> shift == 0 && shift / 4 >= least)
        {
            shift -= 4;
        }

        for (; shift >= 0; shift -= 4)
        {
            int digit = (int)(value >> shift & 0xF);
            Append((byte)(digit < 10 ? '0' + digit : 'a' + digit - 10));
        }
    }

    private void AppendNumber(ulong value, int width, bool isNegative)
    {
        byte* digits = stackalloc byte[MaxDigits];
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value != 0);

        Pad(width - count - (isNegative ? 1 : 0));
        if (isNegative)
        {
            Append((byte)'-');
        }

        while (count > 0)
        {
            Append(digits[--count]);
        }
    }

    private void Pad(int count)
    {
        for (; count > 0; count--)
        {
            Append((byte)' ');
        }
    }

    private void Append(byte value)
    {
        if (_length < Capacity)
        {
            _bytes[_length++] = value;
        }
    }

    [InlineArray(Capacity)]
    private struct Bytes
    {
        private byte _first;
    }
}
