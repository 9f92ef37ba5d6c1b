using System;
using System.Globalization;

namespace Haltpoint.Linux.Symbols;

/// <content>What the grammar is made of: characters, numbers, references backwards and identifiers.</content>
internal ref partial struct RustDemangler
{
    private char Peek => _position < _text.Length ? _text[_position] : '\0';

    private bool Take(char expected)
    {
        bool found = Peek == expected;
        _position += found ? 1 : 0;
        return found;
    }

    private char Next()
    {
        if (_position >= _text.Length || _nesting > DeepestNesting)
        {
            _failed = true;
            return '\0';
        }

        return _text[_position++];
    }

    private ulong Disambiguator() => Take('s') ? Base62() + 1 : 0;

    // Digits ended by '_'; nothing but the end is 0, and everything else is one more than it says.
    private ulong Base62()
    {
        ulong value = 0;
        if (Take('_'))
        {
            return 0;
        }

        while (!_failed)
        {
            char digit = Next();
            if (digit == '_')
            {
                return value + 1;
            }

            int number = digit switch
            {
                >= '0' and <= '9' => digit - '0',
                >= 'a' and <= 'z' => digit - 'a' + 10,
                >= 'A' and <= 'Z' => digit - 'A' + 36,
                _ => -1,
            };
            _failed |= number < 0;
            value = (value * 62) + (ulong)int.Max(number, 0);
        }

        return 0;
    }

    /// <summary>Goes to the place referred to and returns where to come back to.</summary>
    private int BackReference()
    {
        int tag = _position - 1;
        ulong target = Base62();
        int back = _position;
        // Only backwards: this is what makes an end certain.
        if (target >= (ulong)tag)
        {
            _failed = true;
            return back;
        }

        _position = (int)target;
        return back;
    }

    private void Identifier()
    {
        bool isUnicode = Take('u');
        int length = 0;
        while (char.IsAsciiDigit(Peek) && length < 10_000)
        {
            length = (10 * length) + (Next() - '0');
            if (length == 0)
            {
                break;
            }
        }

        Take('_'); // Between the length and a name that begins with a digit or '_'.
        if (_failed || length > _text.Length - _position)
        {
            _failed = true;
            return;
        }

        ReadOnlySpan<char> name = _text.Slice(_position, length);
        _position += length;
        _output.Append(isUnicode ? Punycode(name) : name.ToString());
    }

    // Rust writes '_' where the standard has '-' between the plain characters and the rest.
    private static string Punycode(ReadOnlySpan<char> name)
    {
        int split = name.LastIndexOf('_');
        string ascii = split < 0 ? "xn--" + name.ToString() : $"xn--{name[..split]}-{name[(split + 1)..]}";
        try
        {
            return new IdnMapping { AllowUnassigned = true }.GetUnicode(ascii);
        }
        catch (ArgumentException)
        {
            return name.ToString();
        }
    }
}
