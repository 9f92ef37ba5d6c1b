using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Perf;

/// <summary>Who may hold debug registers: processes with open perf events, and the debugger of a process.</summary>
/// <remarks>The kernel does not say which perf events are breakpoints, nor what a debugger has armed.</remarks>
internal static class SlotHolders
{
    private const string PerfEventLink = "anon_inode:[perf_event]";

    /// <summary>As a person reads it: "gdb (12, debugs 11), perf (40)"; empty when nobody can be seen.</summary>
    /// <param name="process">The process that is to be watched, or -1 for all.</param>
    public static string Describe(int process)
    {
        List<string> holders = [];
        HashSet<int> tracers = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                continue;
            }

            if ((process <= 0 || id == process) && Tracer(id) is int tracer and > 0 && tracers.Add(tracer))
            {
                holders.Add($"{Name(tracer)} ({tracer}, debugs {id})");
            }

            if (id != Environment.ProcessId && HasPerfEvents(directory))
            {
                holders.Add($"{Name(id)} ({id})");
            }
        }

        return string.Join(", ", holders);
    }

    private static bool HasPerfEvents(string directory)
    {
        try
        {
            foreach (FileInfo file in new DirectoryInfo(directory + "/fd").EnumerateFiles())
            {
                if (file.LinkTarget == PerfEventLink)
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or gone.
        }

        return false;
    }

    private static int? Tracer(int process)
    {
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")))
            {
                if (line.StartsWith("TracerPid:", StringComparison.Ordinal))
                {
                    return int.Parse(line.AsSpan("TracerPid:".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
                }
            }
        }
        catch (IOException)
        {
            // Gone.
        }

        return null;
    }

    private static string Name(int process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            return "?";
        }
    }
}
