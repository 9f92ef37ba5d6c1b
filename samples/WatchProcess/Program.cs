// Prints who changes a variable of a running process, until the process ends or Enter is pressed.
// usage: WatchProcess PID WHAT      such as: WatchProcess 1234 counter
using System;
using System.Globalization;
using System.Threading.Tasks;
using Haltpoint.Linux.Watching;

if (args.Length != 2 || !int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out int process))
{
    Console.Error.WriteLine("usage: WatchProcess PID WHAT");
    return 2;
}

try
{
    using MemoryWatch watch = MemoryWatch.OnProcess(process, args[1], new WatchOptions { Stacks = true });
    _ = Task.Run(() =>
    {
        // Null where there is nobody to press Enter.
        if (Console.ReadLine() is not null)
        {
            watch.Stop();
        }
    });

    await foreach (WatchHit hit in watch.ReadHitsAsync())
    {
        if (hit.Value == hit.OldValue)
        {
            continue;
        }

        Console.WriteLine($"{hit.ThreadName}: {hit.OldValue} -> {hit.Value} in {hit.Location.Name} at {hit.Location.Position}");
        foreach (Haltpoint.Linux.Symbols.CodeFrame frame in hit.Stack)
        {
            Console.WriteLine($"    {frame.Name} {frame.Position}");
        }
    }

    Console.WriteLine($"{watch.Summary.Hits} hits, {watch.Summary.Lost} lost");
    return 0;
}
catch (WatchException refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}
