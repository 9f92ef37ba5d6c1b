using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Bench.Slots;

// Nanoseconds to reserve a slot for a task and give it back, while each of a number of tasks holds one.
// usage: Haltpoint.Bench.Slots [--cpus N]      prints a table with the goal below it, then the shape of perf bench breakpoint
const int rounds = 101;
// So few that most measurements fit between two interruptions.
const int operations = 2_000;
const int mostKernelTasks = 100;
const long mostListSteps = 400_000_000;
const double goal = 1.5;
int cpus = Environment.ProcessorCount;
if (args is ["--cpus", string number] && int.TryParse(number, CultureInfo.InvariantCulture, out int asked) && asked > 0)
{
    cpus = asked;
}
else if (args.Length != 0)
{
    Console.Error.WriteLine("Haltpoint.Bench.Slots: say nothing, or --cpus N");
    return 2;
}

// Everything is opened first and each is measured once in every round, so that whatever the machine does meets all alike.
List<Column> columns = [];
foreach (int tasks in (int[])[1, 100, 1_000, 10_000, 100_000, 1_000_000])
{
    PoolReservations pool = new(cpus, tasks);
    columns.Add(new Column(tasks, Kind.Pool, pool, operations));
    columns.Add(new Column(tasks, Kind.PoolAtRandom, pool, operations));
    columns.Add(new Column(tasks, Kind.List, new ListReservations(cpus, tasks), (int)Math.Clamp(mostListSteps / rounds / (3L * cpus * tasks), 1, operations)));
    if (tasks <= mostKernelTasks && KernelReservations.IsAllowed)
    {
        columns.Add(new Column(tasks, Kind.Kernel, new KernelReservations(tasks), 20));
    }
}

for (int round = 0; round < rounds; round++)
{
    columns.ForEach(column => column.Measure());
}

Console.WriteLine($"{cpus} CPUs; ns per reservation and release, median of {rounds}; tasks in order, and at random where marked");
Console.WriteLine($"{"tasks",9}{"Haltpoint",12}{"random",12}{"list",12}{"list/Halt.",12}{"kernel",12}");
foreach (IGrouping<int, Column> row in columns.GroupBy(column => column.Tasks))
{
    double Of(Kind kind) => row.FirstOrDefault(column => column.Kind == kind)?.Median ?? double.NaN;
    Console.WriteLine($"{row.Key,9}{Text(Of(Kind.Pool))}{Text(Of(Kind.PoolAtRandom))}{Text(Of(Kind.List))}{Text(Of(Kind.List) / Of(Kind.Pool))}{Text(Of(Kind.Kernel))}");
}

double[] pools = [.. columns.Where(column => column.Kind == Kind.Pool).Select(column => column.Median)];
double ratio = pools.Max() / pools[0];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"most tasks against one: {ratio:F2}, goal {goal:F1}: {(ratio <= goal ? "met" : "MISSED")}"));
foreach (IReservations reservations in columns.Select(column => column.Reservations).Distinct())
{
    reservations.Dispose();
}

new ThreadShape(cpus).Print();
return 0;

static string Text(double value) => (double.IsNaN(value) ? "" : value.ToString(value < 10 ? "F1" : "F0", CultureInfo.InvariantCulture)).PadLeft(12);
