using System;
using System.Globalization;
using System.Text;

namespace Haltpoint.Linux.Symbols;

/// <summary>Rust's own mangling, "v0": a path of identifiers, implementations and generic arguments (RFC 2603).</summary>
internal ref partial struct RustDemangler
{
    // A name may refer back to itself; nobody writes types so deep.
    private const int DeepestNesting = 200;

    private readonly ReadOnlySpan<char> _text;
    private readonly StringBuilder _output;
    private int _position;
    private int _nesting;
    private bool _failed;

    private RustDemangler(ReadOnlySpan<char> text)
    {
        _text = text;
        _output = new StringBuilder(2 * text.Length);
    }

    public static bool TryDemangle(string name, out string readable)
    {
        RustDemangler demangler = new(name.AsSpan(2));
        demangler.Path(inValue: true);
        readable = demangler._output.ToString();
        return !demangler._failed && readable.Length > 0;
    }

    private void Path(bool inValue)
    {
        _nesting++;
        switch (Next())
        {
            case 'C': // A crate; its number tells versions apart and is for no reader.
                Disambiguator();
                Identifier();
                break;
            case 'M': // An implementation for a type.
                SkipImplementationPath();
                _output.Append('<');
                Type();
                _output.Append('>');
                break;
            case 'X': // An implementation of a trait for a type.
                SkipImplementationPath();
                TraitImplementation();
                break;
            case 'Y':
                TraitImplementation();
                break;
            case 'N':
                NestedPath(inValue);
                break;
            case 'I':
                Path(inValue);
                _output.Append(inValue ? "::<" : "<");
                List(static (ref RustDemangler d) => d.GenericArgument());
                _output.Append('>');
                break;
            case 'B':
                int back = BackReference();
                if (!_failed)
                {
                    Path(inValue);
                    _position = back;
                }

                break;
            default:
                _failed = true;
                break;
        }

        _nesting--;
    }

    private void NestedPath(bool inValue)
    {
        char kind = Next();
        Path(inValue);
        ulong number = Disambiguator();
        int before = _output.Length;
        if (char.IsAsciiLetterUpper(kind))
        {
            _output.Append("::{").Append(kind switch { 'C' => "closure", 'S' => "shim", _ => kind.ToString() });
            int named = _output.Length;
            _output.Append(':');
            Identifier();
            if (_output.Length == named + 1)
            {
                _output.Length = named;
            }

            _output.Append('#').Append(number.ToString(CultureInfo.InvariantCulture)).Append('}');
            return;
        }

        _output.Append("::");
        Identifier();
        if (_output.Length == before + 2)
        {
            _output.Length = before;
        }
    }

    private void TraitImplementation()
    {
        _output.Append('<');
        Type();
        _output.Append(" as ");
        Path(inValue: false);
        _output.Append('>');
    }

    private void SkipImplementationPath()
    {
        Disambiguator();
        int length = _output.Length;
        Path(inValue: false);
        _output.Length = length;
    }

    private delegate void Element(ref RustDemangler demangler);

    private int List(Element element)
    {
        int count = 0;
        while (!_failed && !Take('E'))
        {
            if (count++ > 0)
            {
                _output.Append(", ");
            }

            element(ref this);
        }

        return count;
    }

    private void GenericArgument()
    {
        if (Take('L'))
        {
            Lifetime();
        }
        else if (Take('K'))
        {
            Constant();
        }
        else
        {
            Type();
        }
    }

    private void Lifetime()
    {
        ulong index = Base62();
        _output.Append(index == 0 ? "'_" : "'" + (char)('a' + (int)((index - 1) % 26)));
    }

    private void Type()
    {
        _nesting++;
        char tag = Next();
        if (BasicType(tag) is { } basic)
        {
            _output.Append(basic);
            _nesting--;
            return;
        }

        switch (tag)
        {
            case 'A':
                _output.Append('[');
                Type();
                _output.Append("; ");
                Constant();
                _output.Append(']');
                break;
            case 'S':
                _output.Append('[');
                Type();
                _output.Append(']');
                break;
            case 'T':
                _output.Append('(');
                _output.Append(List(static (ref RustDemangler d) => d.Type()) == 1 ? ",)" : ")");
                break;
            case 'R' or 'Q':
                _output.Append('&');
                if (Take('L') && Base62() is > 0 and ulong lifetime)
                {
                    _output.Append('\'').Append((char)('a' + (int)((lifetime - 1) % 26))).Append(' ');
                }

                _output.Append(tag == 'Q' ? "mut " : "");
                Type();
                break;
            case 'P' or 'O':
                _output.Append(tag == 'P' ? "*const " : "*mut ");
                Type();
                break;
            case 'F':
                Function();
                break;
            case 'D':
                DynamicTraits();
                break;
            case 'B':
                int back = BackReference();
                if (!_failed)
                {
                    Type();
                    _position = back;
                }

                break;
            default:
                _position--;
                Path(inValue: false);
                break;
        }

        _nesting--;
    }

    private void Function()
    {
        Binder();
        _output.Append(Take('U') ? "unsafe " : "");
        if (Take('K'))
        {
            _output.Append("extern \"");
            if (Take('C'))
            {
                _output.Append('C');
            }
            else
            {
                int start = _output.Length;
                Identifier();
                _output.Replace('_', '-', start, _output.Length - start);
            }

            _output.Append("\" ");
        }

        _output.Append("fn(");
        List(static (ref RustDemangler d) => d.Type());
        _output.Append(')');
        if (!Take('u'))
        {
            _output.Append(" -> ");
            Type();
        }
    }

    private void DynamicTraits()
    {
        _output.Append("dyn ");
        Binder();
        for (int i = 0; !_failed && !Take('E'); i++)
        {
            _output.Append(i > 0 ? " + " : "");
            Path(inValue: false);
            for (int bindings = 0; Take('p'); bindings++)
            {
                bool open = bindings == 0 && !(_output.Length > 0 && _output[^1] == '>');
                if (!open)
                {
                    _output.Length -= _output[^1] == '>' ? 1 : 0;
                }

                _output.Append(open ? "<" : ", ");
                Identifier();
                _output.Append(" = ");
                Type();
                _output.Append('>');
            }
        }

        if (Take('L') && Base62() is > 0 and ulong lifetime)
        {
            _output.Append(" + '").Append((char)('a' + (int)((lifetime - 1) % 26)));
        }
    }

    private void Binder()
    {
        if (Take('G'))
        {
            Base62();
        }
    }

    private void Constant()
    {
        if (Take('p'))
        {
            _output.Append('_');
            return;
        }

        if (Take('B'))
        {
            int back = BackReference();
            if (!_failed)
            {
                Constant();
                _position = back;
            }

            return;
        }

        char type = Next();
        bool negative = Take('n');
        int start = _position;
        while (!_failed && Next() != '_')
        {
        }

        if (_failed)
        {
            return;
        }

        ReadOnlySpan<char> digits = _text[start..(_position - 1)];
        _ = ulong.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong value);
        string text = type switch
        {
            'b' => value != 0 ? "true" : "false",
            'c' when Rune.IsValid((int)value) => $"'{new Rune((int)value)}'",
            _ when digits.Length > 16 => $"0x{digits}",
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
        _output.Append(negative ? "-" : "").Append(text);
    }

    private static string? BasicType(char tag) => tag switch
    {
        'a' => "i8",
        'b' => "bool",
        'c' => "char",
        'd' => "f64",
        'e' => "str",
        'f' => "f32",
        'h' => "u8",
        'i' => "isize",
        'j' => "usize",
        'l' => "i32",
        'm' => "u32",
        'n' => "i128",
        'o' => "u128",
        'p' => "_",
        's' => "i16",
        't' => "u16",
        'u' => "()",
        'v' => "...",
        'x' => "i64",
        'y' => "u64",
        'z' => "!",
        _ => null,
    };
}
