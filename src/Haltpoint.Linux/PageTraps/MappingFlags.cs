using System;
using System.Globalization;
using System.IO;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.PageTraps;

/// <summary>What only /proc/PID/smaps tells of a mapping (proc(5), "VmFlags").</summary>
internal static class MappingFlags
{
    /// <summary>Whether registers or memory of a device are behind it.</summary>
    public static bool IsDevice(int process, in Mapping mapping)
    {
        // The file is long and slow to read in a large process, and ordinary memory is most of it.
        bool mayBe = mapping.Path.StartsWith("/dev/", StringComparison.Ordinal) || mapping.Path.StartsWith("/sys/", StringComparison.Ordinal)
            || mapping.Path.StartsWith("anon_inode:", StringComparison.Ordinal);
        return mayBe && Read(process, mapping.Start) is { } flags && (HasFlag(flags, "io") || HasFlag(flags, "pf"));
    }

    private static bool HasFlag(string flags, string flag) => flags.Contains(" " + flag, StringComparison.Ordinal);

    private static string? Read(int process, ulong start)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"{start:x}-");
        bool isInside = false;
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/smaps")))
            {
                isInside |= line.TrimStart('0').StartsWith(head, StringComparison.Ordinal);
                if (isInside && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process has ended.
        }

        return null;
    }
}
