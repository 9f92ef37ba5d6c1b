using System;
using System.Globalization;
using System.Linq;
using Haltpoint.Bench.Ring0;

// What things cost in the ring-0 kernel, in an emulator on this machine: medians, and ratios to the first of each kind.
// usage: Haltpoint.Bench.Ring0 [--linux] [ROW...] | debugger [CPUS...]      a ROW is a part of a command's name; without one all are measured
// --linux: also what Linux takes for the same in the same emulator, some minutes
// debugger: its stub beside Linux's kgdb and the emulator's stub, with 1, 4 and 16 CPUs, only when it is named; some minutes
const int cpus = 2;
if (args is [DebuggerTable.Row, .. string[] counts])
{
    DebuggerTable.Print(counts.Length == 0 ? [1, 4, 16] : [.. counts.Select(count => int.Parse(count, CultureInfo.InvariantCulture))]);
    return 0;
}

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
