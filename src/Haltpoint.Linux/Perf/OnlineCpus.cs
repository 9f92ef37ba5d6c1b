using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Perf;

/// <summary>The CPUs that run now, and the kernel's way to write a set of CPUs: "0-3,7".</summary>
internal static class OnlineCpus
{
    public static int[] Read() => TryParse(File.ReadAllText("/sys/devices/system/cpu/online"), out int[] cpus) ? cpus : [0];

    /// <summary>Reads a set; false for anything but numbers and ranges.</summary>
    public static bool TryParse(string text, out int[] cpus)
    {
        SortedSet<int> set = [];
        cpus = [];
        foreach (string part in text.Trim().Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2
                || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
                || last < first)
            {
                return false;
            }

            for (int cpu = first; cpu <= last; cpu++)
            {
                set.Add(cpu);
            }
        }

        cpus = [.. set];
        return true;
    }
}
