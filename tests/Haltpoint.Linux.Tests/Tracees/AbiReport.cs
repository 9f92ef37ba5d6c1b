using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Tests.Tracees;

/// <summary>What a C program says about the headers of this machine: lines of a kind, a name and a number.</summary>
internal static class AbiReport
{
    /// <returns>Numbers by "kind name".</returns>
    public static Dictionary<string, long> Read(string program, params string[] flags)
    {
        string file = Path.GetTempFileName();
        try
        {
            if (Spawner.WaitForExit(Spawner.Start(TraceeBuilder.Build(program, flags), file)) != 0)
            {
                throw new IOException($"{program} failed");
            }

            Dictionary<string, long> report = [];
            foreach (string line in File.ReadLines(file))
            {
                int split = line.LastIndexOf(' ');
                report.Add(line[..split], long.Parse(line[split..], CultureInfo.InvariantCulture));
            }

            return report;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
