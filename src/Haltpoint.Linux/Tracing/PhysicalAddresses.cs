using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Symbols;
using Microsoft.Win32.SafeHandles;

namespace Haltpoint.Linux.Tracing;

/// <summary>Where a mapping of a device is on the bus, as far as the system tells.</summary>
internal static class PhysicalAddresses
{
    private const ulong PageSize = 4096;

    // /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst): a word a page, its frame number below, whether it is there above.
    private const ulong FrameMask = (1ul << 55) - 1;
    private const ulong IsPresent = 1ul << 63;

    /// <summary>The address of the first byte; null when nothing tells it.</summary>
    /// <param name="process">Who has it mapped.</param>
    /// <param name="mapping">A mapping of a device, whose pages therefore follow each other.</param>
    public static ulong? Of(int process, Mapping mapping) =>
        mapping.Path == "/dev/mem" ? mapping.Offset
        : mapping.Path.StartsWith("/dev/uio", StringComparison.Ordinal) ? OfUio(Path.GetFileName(mapping.Path), mapping.Offset)
        : mapping.Path.StartsWith("/sys/", StringComparison.Ordinal) && OfPciResource(mapping.Path, mapping.Offset) is { } address ? address
        : OfPageMap(process, mapping);

    /// <summary>Reads a file <c>resource</c> of a PCI device: a line a region, its first and last address and its kind.</summary>
    internal static ulong? RegionStart(string text, int region)
    {
        string[] lines = text.Split('\n');
        return region < lines.Length && TryParseHex(lines[region].Split(' ')[0], out ulong start) && start != 0 ? start : null;
    }

    private static ulong? OfPciResource(string path, ulong offset)
    {
        string name = Path.GetFileName(path);
        int digit = name.AsSpan().IndexOfAnyInRange('0', '9');
        bool isResource = name.StartsWith("resource", StringComparison.Ordinal) && digit > 0;
        if (!isResource || ReadText(Path.Combine(Path.GetDirectoryName(path)!, "resource")) is not { } text
            || RegionStart(text, name[digit] - '0') is not { } start)
        {
            return null;
        }

        // The kernel makes the offset of such a mapping the address itself; before 4.13 it was one into the region.
        return offset >= start ? offset : start + offset;
    }

    // Map N of a UIO device is chosen by an offset of N pages (Documentation/driver-api/uio-howto.rst).
    private static ulong? OfUio(string device, ulong offset)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"/sys/class/uio/{device}/maps/map{offset / PageSize}");
        return TryParseHex(ReadText(Path.Combine(directory, "addr")), out ulong start) ? start & ~(PageSize - 1) : null;
    }

    private static ulong? OfPageMap(int process, Mapping mapping)
    {
        try
        {
            using SafeFileHandle map = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/pagemap"));
            ulong word = 0;
            int read = RandomAccess.Read(map, MemoryMarshal.AsBytes(new Span<ulong>(ref word)), (long)(mapping.Start / PageSize * sizeof(ulong)));
            // Who may not know gets frame 0.
            return read == sizeof(ulong) && (word & IsPresent) != 0 && (word & FrameMask) != 0 ? (word & FrameMask) * PageSize : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool TryParseHex(string? text, out ulong number)
    {
        number = 0;
        return text is not null && text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(2).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}
