using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Symbols;

/// <summary>The mappings of a process as /proc/PID/maps lists them, by address.</summary>
internal sealed class MemoryMap
{
    private const string Deleted = " (deleted)";

    private readonly List<Mapping> _mappings = [];

    private MemoryMap()
    {
    }

    public IReadOnlyList<Mapping> Mappings => _mappings;

    /// <returns>An empty map when the process is gone or not ours to look at.</returns>
    public static MemoryMap Read(int process)
    {
        MemoryMap map = new();
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/maps")))
            {
                map._mappings.Add(Parse(line));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was read until the process ended is still true of it.
        }

        return map;
    }

    /// <summary>Adds a mapping, in place of what it covers.</summary>
    public void Add(Mapping mapping)
    {
        _mappings.RemoveAll(m => m.Start >= mapping.Start && m.End <= mapping.End);
        int index = _mappings.FindIndex(m => m.Start > mapping.Start);
        _mappings.Insert(index < 0 ? _mappings.Count : index, mapping);
    }

    public bool TryFind(ulong address, out Mapping mapping)
    {
        int index = FirstEndingAfter(address);
        mapping = index < _mappings.Count ? _mappings[index] : default;
        return index < _mappings.Count && mapping.Contains(address);
    }

    /// <summary>Whether the first thread's stack, in one piece or in several, begins there: the kernel lets it grow down from there.</summary>
    public bool IsEndOfStack(ulong address)
    {
        int index = FirstEndingAfter(address);
        if (index == _mappings.Count || _mappings[index].Start != address || (index > 0 && _mappings[index - 1].End == address))
        {
            return false;
        }

        while (!_mappings[index].IsStack && index + 1 < _mappings.Count && _mappings[index + 1].Start == _mappings[index].End)
        {
            index++;
        }

        return _mappings[index].IsStack;
    }

    private int FirstEndingAfter(ulong address)
    {
        int low = 0;
        int high = _mappings.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_mappings[middle].End <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static Mapping Parse(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> range = Take(ref line);
        int dash = range.IndexOf('-');
        ulong start = Hex(range[..dash]);
        ulong end = Hex(range[(dash + 1)..]);
        ReadOnlySpan<char> permissions = Take(ref line);
        ulong offset = Hex(Take(ref line));
        ReadOnlySpan<char> device = Take(ref line);
        ulong inode = ulong.Parse(Take(ref line), NumberStyles.None, CultureInfo.InvariantCulture);
        ReadOnlySpan<char> path = line.TrimStart(' ');
        if (path.EndsWith(Deleted))
        {
            path = path[..^Deleted.Length];
        }

        return new Mapping(
            start, end, offset, permissions[0] == 'r', permissions[1] == 'w', permissions[2] == 'x', permissions[3] == 's',
            device.ToString(), inode, path.ToString());
    }

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> line)
    {
        int space = line.IndexOf(' ');
        ReadOnlySpan<char> word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }

    private static ulong Hex(ReadOnlySpan<char> text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
