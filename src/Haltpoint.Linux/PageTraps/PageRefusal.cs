using System.Globalization;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Why pages of a mapping cannot be trapped.</summary>
internal static class PageRefusal
{
    /// <returns>One line, or null when nothing speaks against it.</returns>
    public static string? Explain(in Mapping mapping)
    {
        if (mapping.Path is "[vdso]" or "[vsyscall]" || mapping.Path.StartsWith("[vvar", System.StringComparison.Ordinal))
        {
            return string.Create(CultureInfo.InvariantCulture, $"0x{mapping.Start:x} is in {mapping.Path}, which belongs to the kernel and cannot be moved");
        }

        if (mapping.IsExecutable && !mapping.IsWritable)
        {
            // A system call from a trapped page would be made by a step, past everything that looks after its memory.
            return string.Create(CultureInfo.InvariantCulture, $"0x{mapping.Start:x} holds code{Of(mapping)}, of which each instruction would be an access");
        }

        return mapping.Path.StartsWith("[aio]", System.StringComparison.Ordinal) || mapping.Path.Contains("io_uring", System.StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"0x{mapping.Start:x} is shared with the kernel ({mapping.Path}), whose accesses cannot be seen")
            : null;
    }

    private static string Of(in Mapping mapping) => mapping.Path.Length == 0 ? "" : $" of {mapping.Path}";

    public static string Unmapped(ulong start, ulong end) =>
        string.Create(CultureInfo.InvariantCulture, $"nothing is mapped from 0x{start:x} to 0x{end:x}");

    public static string ThreadData(int thread, ulong address) => string.Create(
        CultureInfo.InvariantCulture,
        $"the page at 0x{address:x} holds what the kernel itself accesses of thread {thread} (its control block); debug registers can watch there");

    public static string EndOfStack(ulong address) => string.Create(
        CultureInfo.InvariantCulture, $"the stack grows down from the page at 0x{address:x}, which has to stay in its place for that");

    public static string Kept(string call, ulong address) =>
        string.Create(CultureInfo.InvariantCulture, $"{call} leaves 0x{address:x} with the kernel, which accesses it without being called");

    public static string Kernel(string what, ulong address, long error) =>
        string.Create(CultureInfo.InvariantCulture, $"the kernel refused to {what} the page at 0x{address:x}: error {-error}");
}
