using System.Globalization;

namespace Haltpoint.Linux.Tracing;

/// <summary>Which memory of a process to trace.</summary>
public sealed class TracedMemory
{
    private TracedMemory(string text) => Text = text;

    /// <summary>As a person would type it.</summary>
    public string Text { get; }

    internal MappingPattern? Pattern { get; private init; }

    internal ulong Start { get; private init; }

    internal ulong Length { get; private init; }

    internal string? Symbol { get; private init; }

    /// <summary>All mappings of that name, also those made later.</summary>
    /// <param name="pattern">A path, a file name, or what /proc/PID/maps calls it, such as <c>[heap]</c>; * and ? stand for any text and any character.</param>
    public static TracedMemory Mappings(string pattern) => new(pattern) { Pattern = new MappingPattern(pattern) };

    /// <summary>The bytes from an address on.</summary>
    public static TracedMemory Range(ulong start, ulong length) =>
        new(string.Create(CultureInfo.InvariantCulture, $"0x{start:x}+{length}")) { Start = start, Length = length };

    /// <summary>A variable.</summary>
    /// <param name="name"><c>symbol</c>, <c>symbol+8</c>, <c>file.c:variable</c> or <c>library.so:symbol</c>.</param>
    public static TracedMemory Variable(string name) => new(name) { Symbol = name };
}
