using System;
using System.Linq;
using Haltpoint.Bench.Ring0;

// What things cost in the ring-0 kernel, in an emulator on this machine: medians, and ratios to the first of each kind.
// usage: Haltpoint.Bench.Ring0 [ROW...]      a ROW is a part of a command's name; without one all are measured
const int cpus = 2;
Table[] chosen = [.. Table.All.Where(table => args.Length == 0 || args.Any(row => table.Command.Contains(row, StringComparison.Ordinal)))];
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"Haltpoint.Bench.Ring0: there is no such row, only {string.Join(", ", Table.All.Select(table => table.Command))}");
    return 2;
}

using Emulator emulator = new(cpus);
foreach (Table table in chosen)
{
    table.Print(emulator.Run(table.Command));
}

return 0;
