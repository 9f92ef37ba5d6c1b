using System;
using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Symbols;

/// <summary>Turns the names linkers use into those people wrote: C++, and Rust in both of its manglings.</summary>
internal static unsafe class Demangler
{
    private static readonly SearchValues<char> s_hashDigits = SearchValues.Create("0123456789abcdef");

    // "::h" and 16 digits.
    private const int LegacyHashLength = 19;

    /// <summary>The readable name; the given one where there is nothing to demangle.</summary>
    public static string Demangle(string name)
    {
        bool isRust = name.StartsWith("_R", StringComparison.Ordinal);
        if (!isRust && !name.StartsWith("_Z", StringComparison.Ordinal))
        {
            return name;
        }

        // Compilers and linkers append what they did to a function: a part split off, a version of the symbol. An older Rust has dots inside, too.
        int suffix = name.IndexOfAny(['.', '@']);
        string shorter = suffix > 0 ? name[..suffix] : name;
        if (isRust)
        {
            return RustDemangler.TryDemangle(shorter, out string rust) ? rust : name;
        }

        if ((Cpp(name) ?? Cpp(shorter)) is not { } cpp)
        {
            return name;
        }

        return IsLegacyRust(cpp) ? LegacyRust(cpp[..^LegacyHashLength]) : cpp;
    }

    /// <summary>A demangled function without its parameters and template arguments' ends: what a person would type.</summary>
    public static string WithoutParameters(string name)
    {
        int open = name.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && !name.StartsWith("(anonymous", StringComparison.Ordinal) ? name[..open] : name;
    }

    private static string? Cpp(string name)
    {
        byte* text = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        int status;
        byte* readable = Libstdcpp.Demangle(text, null, null, &status);
        Marshal.FreeCoTaskMem((nint)text);
        if (readable == null)
        {
            return null;
        }

        string result = Marshal.PtrToStringUTF8((nint)readable)!;
        NativeMemory.Free(readable);
        return result;
    }

    private static bool IsLegacyRust(string name)
    {
        if (name.Length < LegacyHashLength || !name.AsSpan()[^LegacyHashLength..].StartsWith("::h"))
        {
            return false;
        }

        return !name.AsSpan()[^16..].ContainsAnyExcept(s_hashDigits);
    }

    private static string LegacyRust(string name)
    {
        StringBuilder result = new(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && i + 1 < name.Length && name[i + 1] == '$' && (i == 0 || name[i - 1] == ':'))
            {
                continue; // An identifier may not begin with an escape, so one is put in front.
            }

            int end = name[i] == '$' ? name.IndexOf('$', i + 1) : -1;
            if (end > 0 && Escape(name[(i + 1)..end]) is { } escaped)
            {
                result.Append(escaped);
                i = end;
            }
            else if (name[i] == '.' && i + 1 < name.Length && name[i + 1] == '.')
            {
                result.Append("::");
                i++;
            }
            else
            {
                result.Append(name[i]);
            }
        }

        return result.ToString();
    }

    private static string? Escape(string code) => code switch
    {
        "SP" => "@",
        "BP" => "*",
        "RF" => "&",
        "LT" => "<",
        "GT" => ">",
        "LP" => "(",
        "RP" => ")",
        "C" => ",",
        _ when code.StartsWith('u') && int.TryParse(code.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int rune)
            && Rune.IsValid(rune) => new Rune(rune).ToString(),
        _ => null,
    };
}
