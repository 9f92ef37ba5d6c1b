using System.Globalization;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary>The words that the output forms share.</summary>
internal static class HitText
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

    /// <summary>Function and line as one frame of a flame graph; no semicolon, which separates frames.</summary>
    public static string Frame(CodeFrame frame) =>
        (frame.Position is null ? frame.Name : $"{frame.Name} ({frame.Position})").Replace(';', ',');

    /// <summary>The frames of a hit, innermost first: its stack, or where it was made if there is none.</summary>
    public static System.Collections.Generic.IReadOnlyList<CodeFrame> Frames(in WatchHit hit) => hit.Stack.Count > 0 ? hit.Stack : [hit.Location];

    public static string Thread(in WatchHit hit) => $"{hit.ThreadName} ({hit.ThreadId})";
}
