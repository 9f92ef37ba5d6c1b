using System;

namespace Haltpoint.Rsp;

/// <summary>One conversion of a C format string.</summary>
internal unsafe struct PrintField
{
    // 64 bits in octal.
    private const int MostDigits = 24;

    private bool _isLeft;
    private bool _hasZeros;
    private bool _hasPlus;
    private bool _hasSpace;
    private bool _isAlternate;
    private int _bits;

    public int Width { get; private set; }

    /// <summary>-1 when there is none.</summary>
    public int Precision { get; private set; }

    public byte Conversion { get; private set; }

    /// <summary>Reads what follows a '%'.</summary>
    public static bool TryParse(ReadOnlySpan<byte> format, ref int at, out PrintField field)
    {
        field = default;
        field.Precision = -1;
        field._bits = 32;
        while (at < format.Length && field.TakeFlag(format[at]))
        {
            at++;
        }

        field.Width = Number(format, ref at);
        if (at < format.Length && format[at] == '.')
        {
            at++;
            field.Precision = Number(format, ref at);
        }

        while (at < format.Length && field.TakeLength(format[at]))
        {
            at++;
        }

        if (at == format.Length)
        {
            return false;
        }

        field.Conversion = format[at++];
        return field.Conversion is (byte)'d' or (byte)'i' or (byte)'u' or (byte)'x' or (byte)'X' or (byte)'o' or (byte)'c' or (byte)'s' or (byte)'p' or (byte)'%';
    }

    public readonly AgentStatus Write(long value, ref ReplyWriter line)
    {
        if (Conversion == 'c')
        {
            byte character = (byte)value;
            Write(new ReadOnlySpan<byte>(&character, 1), ref line);
            return AgentStatus.Ok;
        }

        bool isSigned = Conversion is (byte)'d' or (byte)'i';
        int unused = Conversion == 'p' ? 0 : 64 - _bits;
        value = isSigned ? value << unused >> unused : (long)((ulong)value << unused >> unused);
        bool isNegative = isSigned && value < 0;

        ulong magnitude = isNegative ? (ulong)-value : (ulong)value;
        byte* digits = stackalloc byte[MostDigits];
        int first = MostDigits;
        uint radix = Conversion switch { (byte)'x' or (byte)'X' or (byte)'p' => 16, (byte)'o' => 8, _ => 10 };
        while (magnitude != 0 || (first == MostDigits && Precision != 0))
        {
            byte digit = Rsp.Hex.Digit((int)(magnitude % radix));
            digits[--first] = Conversion == 'X' && digit >= 'a' ? (byte)(digit - 0x20) : digit;
            magnitude /= radix;
        }

        byte* sign = stackalloc byte[2];
        int signLength = Sign(isNegative, isSigned, value, sign);
        int length = MostDigits - first;
        int zeros = Precision > length ? Precision - length : 0;
        int padding = Width - signLength - zeros - length;
        if (_hasZeros && !_isLeft && Precision < 0 && padding > 0)
        {
            zeros += padding;
            padding = 0;
        }

        Fill(_isLeft ? 0 : padding, (byte)' ', ref line);
        line.Text(new ReadOnlySpan<byte>(sign, signLength));
        Fill(zeros, (byte)'0', ref line);
        line.Text(new ReadOnlySpan<byte>(digits + first, length));
        Fill(_isLeft ? padding : 0, (byte)' ', ref line);
        return AgentStatus.Ok;
    }

    public readonly void Write(scoped ReadOnlySpan<byte> text, ref ReplyWriter line)
    {
        int padding = Width - text.Length;
        Fill(_isLeft ? 0 : padding, (byte)' ', ref line);
        line.Text(text);
        Fill(_isLeft ? padding : 0, (byte)' ', ref line);
    }

    private readonly int Sign(bool isNegative, bool isSigned, long value, byte* sign)
    {
        if (isSigned)
        {
            sign[0] = isNegative ? (byte)'-' : _hasPlus ? (byte)'+' : (byte)' ';
            return isNegative || _hasPlus || _hasSpace ? 1 : 0;
        }

        if (Conversion == 'p' || (_isAlternate && value != 0 && Conversion is (byte)'x' or (byte)'X'))
        {
            sign[0] = (byte)'0';
            sign[1] = Conversion == 'X' ? (byte)'X' : (byte)'x';
            return 2;
        }

        return 0;
    }

    private bool TakeFlag(byte flag)
    {
        switch (flag)
        {
            case (byte)'-':
                _isLeft = true;
                return true;
            case (byte)'0':
                _hasZeros = true;
                return true;
            case (byte)'+':
                _hasPlus = true;
                return true;
            case (byte)' ':
                _hasSpace = true;
                return true;
            case (byte)'#':
                _isAlternate = true;
                return true;
            default:
                return false;
        }
    }

    private bool TakeLength(byte letter)
    {
        switch (letter)
        {
            case (byte)'l' or (byte)'j' or (byte)'z' or (byte)'t':
                _bits = 64;
                return true;
            case (byte)'h':
                _bits = _bits == 16 ? 8 : 16;
                return true;
            default:
                return false;
        }
    }

    private static int Number(ReadOnlySpan<byte> format, ref int at)
    {
        int number = 0;
        for (; at < format.Length && (uint)(format[at] - '0') <= 9; at++)
        {
            number = number > 10_000 ? number : (10 * number) + (format[at] - '0');
        }

        return number;
    }

    private static void Fill(int count, byte value, ref ReplyWriter line)
    {
        for (int i = 0; i < count; i++)
        {
            line.Byte(value);
        }
    }
}
