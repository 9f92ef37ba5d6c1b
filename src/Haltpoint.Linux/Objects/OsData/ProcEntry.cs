using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Haltpoint.Linux.Objects.OsData;

/// <summary>A process or thread as /proc shows it, gone at any moment: what cannot be read any more is empty.</summary>
internal readonly struct ProcEntry(string directory)
{
    private const int GroupField = 5;
    private const int ProcessorField = 39;

    public int Id { get; } = int.Parse(Path.GetFileName(directory.AsSpan()), CultureInfo.InvariantCulture);

    /// <summary>The name that the process gave itself or was started under, at most 15 bytes.</summary>
    public string Name => Text("comm").TrimEnd('\n');

    /// <summary>Arguments with a space after each; the name in brackets where there are none (kernel threads).</summary>
    public string CommandLine
    {
        get
        {
            string line = Text("cmdline").Replace('\0', ' ');
            return line.Length > 0 ? line : $"[{Name}]";
        }
    }

    public int Group => StatField(GroupField);

    /// <summary>The CPU it last ran on, or -1.</summary>
    public int Processor => StatField(ProcessorField);

    public uint User
    {
        get
        {
            foreach (string line in Text("status").Split('\n'))
            {
                if (line.StartsWith("Uid:", StringComparison.Ordinal))
                {
                    return uint.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture);
                }
            }

            return 0;
        }
    }

    public static IEnumerable<ProcEntry> Processes() => Numbered("/proc");

    public IEnumerable<ProcEntry> Threads() => Numbered(Path.Combine(directory, "task"));

    /// <summary>Open files and what each one is.</summary>
    public IEnumerable<(string Number, string Target)> Files()
    {
        foreach (string file in List(Path.Combine(directory, "fd")))
        {
            string? target;
            try
            {
                target = new FileInfo(file).LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (target is not null)
            {
                yield return (Path.GetFileName(file), target);
            }
        }
    }

    private static IEnumerable<ProcEntry> Numbered(string directory) =>
        List(directory)
            .Where(path => int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(path => new ProcEntry(path))
            .OrderBy(entry => entry.Id);

    private static string[] List(string directory)
    {
        try
        {
            return Directory.GetFileSystemEntries(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string Text(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(directory, file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <param name="number">From 1, as proc_pid_stat(5) counts. The name, which may hold anything, is field 2.</param>
    private int StatField(int number)
    {
        string stat = Text("stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ');
        return number - 2 < fields.Length && int.TryParse(fields[number - 2], CultureInfo.InvariantCulture, out int value) ? value : -1;
    }
}
