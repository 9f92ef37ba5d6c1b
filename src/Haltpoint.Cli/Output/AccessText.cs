using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Cli.Output;

/// <summary>The words that all forms of output share.</summary>
internal static class AccessText
{
    /// <summary>The same letters that <c>--access</c> takes.</summary>
    public static string Access(AccessKind access) => access switch
    {
        AccessKind.Read => "r",
        AccessKind.Write => "w",
        AccessKind.ReadWrite => "rw",
        _ => "x",
    };

    public static string Hex(ulong number) => $"0x{number:x}";

    /// <summary>Small numbers as people count, others as addresses are written.</summary>
    public static string Value(ulong? value) => value switch
    {
        null => "?",
        < 1_000_000 => value.Value.ToString(CultureInfo.InvariantCulture),
        _ => Hex(value.Value),
    };

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A part of all, in percent.</summary>
    public static string Share(long part, long all) => (100.0 * part / all).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>Function and line as one frame of a flame graph; no semicolon, which separates frames.</summary>
    public static string Frame(CodeFrame frame) =>
        (frame.Position is null ? frame.Name : $"{frame.Name} ({frame.Position})").Replace(';', ',');

    /// <summary>Threads, the first few by name.</summary>
    public static string Threads(IReadOnlyDictionary<int, string> threads)
    {
        const int named = 2;
        string names = string.Join(", ", threads.Take(named).Select(t => $"{t.Value} ({t.Key})"));
        return threads.Count > named ? $"{names}, {threads.Count - named} more" : names;
    }

    /// <summary>File and line, or the module.</summary>
    public static string Where(CodeFrame place) => place.Position ?? (place.Module is null ? "" : System.IO.Path.GetFileName(place.Module));
}
