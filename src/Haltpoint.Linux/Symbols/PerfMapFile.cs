using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Symbols;

/// <summary>/tmp/perf-PID.map, in which a run time lists the code it compiled: start, length and name, one a line.</summary>
/// <remarks>It grows as methods are compiled; a later line overrides an earlier one where they overlap.</remarks>
internal sealed class PerfMapFile
{
    private readonly string _path;
    private readonly string? _pathAfterEnd;
    private readonly SortedList<ulong, Entry> _entries = [];
    private long _read;

    public PerfMapFile(int process)
    {
        // The process's own /tmp, and the process's own number for itself.
        string root = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/root/tmp");
        string name = $"perf-{NamespaceId(process)}.map";
        _path = Path.Combine(root, name);
        // The way through the process ends with it. A number of its own says that it has another /tmp, too.
        _pathAfterEnd = name == string.Create(CultureInfo.InvariantCulture, $"perf-{process}.map") ? Path.Combine("/tmp", name) : null;
        Refresh();
    }

    /// <summary>Reads what was added since.</summary>
    public void Refresh()
    {
        try
        {
            string? path = File.Exists(_path) ? _path : File.Exists(_pathAfterEnd) ? _pathAfterEnd : null;
            if (path is null)
            {
                return;
            }

            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = _read;
            using StreamReader reader = new(stream);
            string rest = reader.ReadToEnd();
            int end = rest.LastIndexOf('\n') + 1; // The line behind it is still being written.
            _read += reader.CurrentEncoding.GetByteCount(rest.AsSpan(0, end));
            foreach (ReadOnlySpan<char> line in rest.AsSpan(0, end).EnumerateLines())
            {
                Add(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it the code stays nameless, which is what is then reported.
        }
    }

    public bool TryFind(ulong address, out Entry entry)
    {
        int low = 0;
        int high = _entries.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries.Keys[middle] <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        entry = low > 0 ? _entries.Values[low - 1] : default;
        return low > 0 && address < entry.Start + entry.Length;
    }

    private void Add(ReadOnlySpan<char> line)
    {
        int first = line.IndexOf(' ');
        int second = first < 0 ? -1 : line[(first + 1)..].IndexOf(' ') + first + 1;
        if (second > first
            && TryParseHex(line[..first], out ulong start)
            && TryParseHex(line[(first + 1)..second], out ulong length))
        {
            _entries[start] = new Entry(start, length, Readable(line[(second + 1)..]).ToString());
        }
    }

    // Some writers put 0x in front.
    private static bool TryParseHex(ReadOnlySpan<char> text, out ulong number) =>
        ulong.TryParse(
            text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out number);

    // .NET writes "RESULT [MODULE] TYPE::METHOD(PARAMETERS)[TIER]", of which a person wants TYPE.METHOD.
    private static ReadOnlySpan<char> Readable(ReadOnlySpan<char> name)
    {
        int method = name.IndexOf("::");
        int module = method < 0 ? -1 : name[..method].IndexOf("] ");
        if (module < 0)
        {
            return name;
        }

        ReadOnlySpan<char> qualified = name[(module + 2)..];
        method -= module + 2;
        int parameters = qualified[method..].IndexOf('(');
        qualified = parameters < 0 ? qualified : qualified[..(method + parameters)];
        return string.Concat(qualified[..method], ".", qualified[(method + 2)..]);
    }

    private static string NamespaceId(int process)
    {
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")))
            {
                if (line.StartsWith("NSpid:", StringComparison.Ordinal))
                {
                    return line.Split('\t')[^1];
                }
            }
        }
        catch (IOException)
        {
            // Gone: its own number is the best guess.
        }

        return process.ToString(CultureInfo.InvariantCulture);
    }

    public readonly record struct Entry(ulong Start, ulong Length, string Name);
}
