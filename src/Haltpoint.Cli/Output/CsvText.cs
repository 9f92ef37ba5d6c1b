using System;

namespace Haltpoint.Cli.Output;

/// <summary>Fields of a line of comma-separated values (RFC 4180).</summary>
internal static class CsvText
{
    public static string Word(bool value) => value ? "true" : "false";

    public static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
