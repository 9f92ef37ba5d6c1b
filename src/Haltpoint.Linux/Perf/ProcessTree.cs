using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Perf;

/// <summary>The processes that a process has started, directly or through others.</summary>
internal static class ProcessTree
{
    /// <summary>Those in which an address still means what it means in their parent: forked from it and not yet another program.</summary>
    public static List<int> ChildrenSharing(int process, ulong address)
    {
        List<int> sharing = [];
        if (!MemoryMap.Read(process).TryFind(address, out Mapping mapping))
        {
            return sharing;
        }

        ILookup<int, int> children = Children();
        Queue<int> next = new([process]);
        HashSet<int> seen = [process];
        while (next.TryDequeue(out int parent))
        {
            foreach (int child in children[parent])
            {
                if (!seen.Add(child))
                {
                    continue;
                }

                next.Enqueue(child);
                if (MemoryMap.Read(child).TryFind(address, out Mapping same) && IsSame(mapping, same))
                {
                    sharing.Add(child);
                }
            }
        }

        return sharing;
    }

    private static bool IsSame(Mapping a, Mapping b) =>
        a.Start == b.Start && a.Offset == b.Offset && a.Inode == b.Inode && a.Device == b.Device && a.Path == b.Path && a.IsWritable == b.IsWritable;

    private static ILookup<int, int> Children()
    {
        List<(int Parent, int Child)> pairs = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int child)
                && ParentOf(directory) is { } parent)
            {
                pairs.Add((parent, child));
            }
        }

        return pairs.ToLookup(p => p.Parent, p => p.Child);
    }

    private static int? ParentOf(string directory)
    {
        try
        {
            // PID (NAME) STATE PARENT ...; the name may hold anything, so from its last parenthesis on.
            string stat = File.ReadAllText(directory + "/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
            return int.Parse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
