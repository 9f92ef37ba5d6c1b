// What a hit costs the watched program, and whether the reader keeps up: Haltpoint beside a C reader of the same ring and perf record.
// usage: Haltpoint.Bench.Watch [WRITES [ROUNDS]]
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Haltpoint.Bench;
using Haltpoint.Bench.Watch;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Watching;

long writes = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
string program = BenchProgram.Build("watch", "-O2");
Console.WriteLine($"{writes} writes by one thread, medians of {rounds} rounds taken in turns; nanoseconds of CPU per hit to the program");
Console.WriteLine($"{"",-12}{"C reader",10}{"Haltpoint",11}{"ratio",8}{"goal",7}{"lost C",9}{"lost H",9}{"C hits/s",12}{"H hits/s",12}");
foreach (string mode in new[] { "count", "address", "registers", "stacks" })
{
    List<Run> c = [];
    List<Run> haltpoint = [];
    for (int i = 0; i < rounds; i++)
    {
        c.Add(ByCReader(mode));
        haltpoint.Add(ByHaltpoint(mode));
    }

    double ratio = Median(haltpoint) / Median(c);
    Console.WriteLine(
        $"{mode,-12}{Median(c),10:F0}{Median(haltpoint),11:F0}{ratio,8:F2}{(ratio <= 1.05 ? "met" : "MISSED"),7}{c.Sum(r => r.Lost),9}{haltpoint.Sum(r => r.Lost),9}{Rate(c),12}{Rate(haltpoint),12}");
}

List<Run> explained = [.. Enumerable.Range(0, rounds).Select(_ => Explained())];
Console.WriteLine($"{"explained",-12}{"",10}{Median(explained),11:F0}{"",24}{explained.Sum(r => r.Lost),9}{"",12}{Rate(explained),12}   each hit with line, value and old value");
List<Run> perf = [.. Enumerable.Range(0, rounds).Select(_ => ByPerf()).OfType<Run>()];
Console.WriteLine(perf.Count == 0 ? "perf record did not run here" : $"{"perf record",-12}{Median(perf),10:F0}   perf record -c1 -e mem:ADDRESS/8:w");
return 0;

double Median(List<Run> runs)
{
    List<double> times = [.. runs.Select(r => (double)r.Cpu / writes).Order()];
    return times[times.Count / 2];
}

// The program writes as fast as it can, so this is how many a second the reader takes; with losses it is no such figure.
string Rate(List<Run> runs) =>
    runs.Any(r => r.Lost > 0) ? "lossy" : (writes * 1e9 / runs.Min(r => r.Clock)).ToString("N0", CultureInfo.InvariantCulture);

Run ByCReader(string mode)
{
    using WatchTarget target = new(program, writes);
    using Process reader = BenchProgram.Start(program, "reader", mode, target.Id.ToString(CultureInfo.InvariantCulture), target.Address);
    reader.StandardOutput.ReadLine();
    (long cpu, long clock) = target.Run();
    reader.StandardInput.WriteLine();
    long[] counts = [.. reader.StandardOutput.ReadLine()!.Split(' ').Select(t => long.Parse(t, CultureInfo.InvariantCulture))];
    BenchProgram.Require(counts[0] == writes, $"the C reader counted {counts[0]} of {writes}");
    reader.WaitForExit();
    return new Run(cpu, clock, counts[1]);
}

Run ByHaltpoint(string mode)
{
    using WatchTarget target = new(program, writes);
    WatchPlan plan = new()
    {
        Pieces = [new WatchPiece(ulong.Parse(target.Address, NumberStyles.HexNumber, CultureInfo.InvariantCulture), 8)],
        Access = AccessKind.Write,
        Registers = mode is "registers" or "stacks",
        StackBytes = mode == "stacks" ? 8192 : 0,
        Period = mode == "count" ? 0u : 1u,
    };
    PerfRing[] rings = [.. OnlineCpus.Read().Select(number => Ring(plan, number))];
    using WatchEvents events = new(plan, rings);
    BenchProgram.Require(events.AddProcess(target.Id).IsOk, "the watch was refused");
    using RingReader reader = new(events, rings);
    events.Enable();
    reader.Start();
    Task consumer = Task.Run(async () =>
    {
        await foreach (RingBatch batch in reader.Batches.ReadAllAsync())
        {
            reader.Return(batch);
        }
    });
    (long cpu, long clock) = target.Run();
    reader.Stop();
    consumer.Wait();
    BenchProgram.Require((long)events.ReadCount() == writes, $"Haltpoint counted {events.ReadCount()} of {writes}");
    Array.ForEach(rings, r => r.Dispose());
    return new Run(cpu, clock, mode == "count" ? 0 : reader.Lost);
}

Run Explained()
{
    using WatchTarget target = new(program, writes);
    using MemoryWatch watch = MemoryWatch.OnProcess(target.Id, "cell");
    (long cpu, long clock) = target.Run();
    int hits = watch.Collect().Count(h => h is { IsExact: true, Location.Line: > 0 });
    BenchProgram.Require(hits + watch.Summary.Lost == writes, $"{hits} of {writes} hits were explained");
    return new Run(cpu, clock, watch.Summary.Lost);
}

Run? ByPerf()
{
    using WatchTarget target = new(program, writes);
    string file = Path.GetTempFileName();
    try
    {
        using Process perf = BenchProgram.Start(
            "perf", "record", "-q", "-c", "1", "-e", $"mem:0x{target.Address}/8:w", "-p", target.Id.ToString(CultureInfo.InvariantCulture), "-o", file, "--control", "fd:0,1");
        perf.StandardInput.WriteLine("ping");
        bool isReady = perf.StandardOutput.ReadLine()?.Contains("ack", StringComparison.Ordinal) == true;
        (long cpu, long clock) = target.Run();
        perf.StandardInput.WriteLine("stop");
        perf.WaitForExit(TimeSpan.FromSeconds(20));
        // A sample is more than 24 bytes: a smaller file is of a session that did not see the hits.
        return isReady && new FileInfo(file).Length > 24 * writes ? new Run(cpu, clock, 0) : null;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return null; // Not installed.
    }
    finally
    {
        File.Delete(file);
    }
}

static PerfRing Ring(WatchPlan plan, int cpu)
{
    PerfStatus status = PerfRing.TryOpen(cpu, plan.CreateAttr(0), plan.RingPages, out PerfRing? ring);
    BenchProgram.Require(status == PerfStatus.Ok, $"no ring: {status}");
    return ring!;
}

/// <summary>One round: the nanoseconds the program took of its CPU and by the clock, and hits without a record.</summary>
internal readonly record struct Run(long Cpu, long Clock, long Lost);
