using System;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Symbols;

/// <summary>What to watch, as it is typed: an address, <c>symbol</c>, <c>symbol+8</c>, <c>symbol.member[3]</c>, <c>file.c:variable</c> or <c>library.so:symbol</c>.</summary>
internal readonly record struct LocationText
{
    /// <summary>The address, where one was typed.</summary>
    public ulong? Address { get; private init; }

    /// <summary>The symbol, where one was typed.</summary>
    public string Symbol { get; init; }

    /// <summary>The program or library it is to be in, or null.</summary>
    public string? Module { get; private init; }

    /// <summary>The source file it is to be in, or null.</summary>
    public string? File { get; private init; }

    /// <summary>Bytes to add.</summary>
    public ulong Offset { get; private init; }

    /// <summary>Takes it apart; false for text that is none of the forms.</summary>
    public static bool TryParse(string text, out LocationText location)
    {
        location = default;
        string rest = text.Trim();
        ulong offset = 0;
        int plus = rest.LastIndexOf('+');
        if (plus > 0 && TryParseNumber(rest.AsSpan(plus + 1), out offset))
        {
            rest = rest[..plus].TrimEnd();
        }

        if (TryParseNumber(rest, out ulong address))
        {
            location = new LocationText { Address = address + offset, Symbol = "" };
            return true;
        }

        int colon = LoneColon(rest);
        string container = colon < 0 ? "" : rest[..colon];
        string symbol = rest[(colon + 1)..];
        if (symbol.Length == 0 || colon == 0 || symbol.Contains(' ', StringComparison.Ordinal) && !symbol.Contains('<', StringComparison.Ordinal))
        {
            return false;
        }

        bool isSource = IsSourceFile(container);
        location = new LocationText
        {
            Symbol = symbol,
            Module = container.Length > 0 && !isSource ? container : null,
            File = isSource ? container : null,
            Offset = offset,
        };
        return true;
    }

    /// <summary>A decimal number, or a hexadecimal one after 0x.</summary>
    public static bool TryParseNumber(ReadOnlySpan<char> text, out ulong number)
    {
        text = text.Trim();
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    // C++ and Rust have two in a row inside their names.
    private static int LoneColon(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != ':')
            {
                continue;
            }

            if (i + 1 < text.Length && text[i + 1] == ':')
            {
                i++;
                continue;
            }

            return i;
        }

        return -1;
    }

    private static bool IsSourceFile(string name)
    {
        string extension = Path.GetExtension(name);
        return extension is ".c" or ".h" or ".cc" or ".cpp" or ".cxx" or ".c++" or ".C" or ".hh" or ".hpp" or ".hxx" or ".inc" or ".inl" or ".ipp"
            or ".rs" or ".s" or ".S" or ".asm" or ".m" or ".mm" or ".d" or ".go" or ".zig" or ".f" or ".f90" or ".pas" or ".adb" or ".ads" or ".nim"
            or ".swift" or ".cu";
    }
}
