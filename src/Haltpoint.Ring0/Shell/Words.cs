using System;

namespace Haltpoint.Ring0.Shell;

/// <summary>What is left of a line, word by word.</summary>
internal ref struct Words(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _line = line;

    /// <returns>Empty at the end.</returns>
    public ReadOnlySpan<byte> Next()
    {
        int start = 0;
        while (start < _line.Length && _line[start] == ' ')
        {
            start++;
        }

        int end = start;
        while (end < _line.Length && _line[end] != ' ')
        {
            end++;
        }

        ReadOnlySpan<byte> word = _line[start..end];
        _line = _line[end..];
        return word;
    }

    /// <summary>A decimal number, which may be negative.</summary>
    public bool TryNext(out long number)
    {
        ReadOnlySpan<byte> word = Next();
        bool isNegative = !word.IsEmpty && word[0] == '-';
        ReadOnlySpan<byte> digits = isNegative ? word[1..] : word;
        number = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9' || number > long.MaxValue / 100)
            {
                return false;
            }

            number = (10 * number) + digit - '0';
        }

        number = isNegative ? -number : number;
        return !digits.IsEmpty;
    }
}
