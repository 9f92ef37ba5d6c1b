using System.Globalization;
using System.IO;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary>The words about an access that tables share.</summary>
internal static class TraceText
{
    public static string SummaryLine(long accesses, double seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{accesses:N0} access{(accesses == 1 ? "" : "es")} in {seconds:0.0} s, none lost");

    public static string Mapping(TracedMapping mapping) => mapping.Name.StartsWith('/') ? Path.GetFileName(mapping.Name) : mapping.Name;

    public static string Value(AccessValue value) => value.Number is { } number ? AccessText.Value(number) : value.ToString();

    /// <summary>What a read found, or what a write left.</summary>
    public static string Values(in TracedAccess access)
    {
        string mark = access.IsExact || !access.Value.IsKnown ? "" : "~";
        return access.OldValue.IsKnown ? $"{Value(access.OldValue)} -> {mark}{Value(access.Value)}" : access.Value.IsKnown ? mark + Value(access.Value) : "";
    }

    /// <summary>The source line, and the system call if it was one.</summary>
    public static string Where(in TracedAccess access) =>
        AccessText.Where(access.Location) + (access.SystemCall is null ? "" : $" ({access.SystemCall})");

    public static string Width(in TracedAccess access) => access.Width == 0 ? "?" : access.Width.ToString(CultureInfo.InvariantCulture);
}
