using System;
using System.Linq;
using Haltpoint.Bench.Ring0;

// What things cost in the ring-0 kernel, in an emulator on this machine: medians, and ratios to the first of each kind.
// usage: Haltpoint.Bench.Ring0 [--linux] [ROW...]      a ROW is a part of a command's name; without one all are measured
// --linux: also what Linux takes for the same in the same emulator, some minutes
const int cpus = 2;
bool isBesideLinux = args.Contains("--linux");
args = [.. args.Where(word => word != "--linux")];
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

if (isBesideLinux)
{
    string said = LinuxGuest.Run(cpus);
    foreach (Table table in Table.OfLinux)
    {
        table.Print(said);
    }
}

return 0;
