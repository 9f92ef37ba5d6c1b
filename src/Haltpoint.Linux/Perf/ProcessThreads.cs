using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Perf;

/// <summary>The threads of a process as /proc lists them now.</summary>
internal static class ProcessThreads
{
    /// <returns>Nothing when there is no such process.</returns>
    public static List<int> List(int process)
    {
        List<int> threads = [];
        try
        {
            foreach (string path in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task")))
            {
                threads.Add(int.Parse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture));
            }
        }
        catch (IOException)
        {
            // It ended while being listed: what is found is what there was.
        }

        return threads;
    }
}
