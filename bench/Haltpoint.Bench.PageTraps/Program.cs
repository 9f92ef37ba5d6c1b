// What watching memory by its pages costs: beside native speed, gdb's own software watchpoints, a C tracer, a handler, and gdbserver.
// usage: Haltpoint.Bench.PageTraps [ROUNDS]
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Bench;
using Haltpoint.Bench.PageTraps;

if (args is ["engine", var process, var address, var length])
{
    return Watched.RunEngine(
        int.Parse(process, CultureInfo.InvariantCulture), ulong.Parse(address, CultureInfo.InvariantCulture), ulong.Parse(length, CultureInfo.InvariantCulture));
}

const ulong ArrayLength = 1 << 20;
int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
string program = BenchProgram.Build("pagetraps", "-O1");
string haltpoint = Path.Combine(BenchProgram.Repository, "artifacts/bin/Haltpoint.Cli/release/haltpoint");
if (!File.Exists(haltpoint))
{
    haltpoint = Path.Combine(BenchProgram.Repository, "artifacts/bin/Haltpoint.Cli.Tests/release/haltpoint");
}

Console.WriteLine($"medians of {rounds} rounds taken in turns, nanoseconds each");

(double native, double watched) = InTurns(() => Native("untouched", 100_000_000), () => ByHaltpoint("untouched", 100_000_000, ArrayLength));
Console.WriteLine($"{"a step beside an untouched MiB",-46}{native,10:F2} native{watched,12:F2} watched   ratio {watched / native:F3} (goal 1.02)");
double software = ByGdb(10);
Console.WriteLine($"{"",-46}{software,10:F0} by gdb's software watchpoint, {software / watched:N0} times Haltpoint's (goal 1,000)");
foreach (string kind in new[] { "calls", "reads" })
{
    (native, watched) = InTurns(() => Native(kind, 100_000), () => ByHaltpoint(kind, 20_000, ArrayLength));
    Console.WriteLine($"{(kind == "calls" ? "getppid, pages armed" : "read of 64 bytes elsewhere, pages armed"),-46}{native,10:F0} native{watched,12:F0} watched");
}

(double c, watched) = InTurns(() => ByTracer(20_000), () => ByHaltpoint("stores", 20_000, 4096));
double handler = Median([.. Enumerable.Range(0, rounds).Select(_ => Native("handled", 100_000))]);
Console.WriteLine($"{"a store to a trapped page",-46}{c,10:F0} C tracer{watched,10:F0} watched   ratio {watched / c:F2}; a handler in the program {handler:F0}");

string script = Path.Combine(Path.GetDirectoryName(haltpoint)!, "haltpoint-gdb.py");
(double server, double ours) = InTurns(
    () => Conditional(2_000, $"target remote | gdbserver --once stdio {program} target conditional 2000 now"),
    () => Conditional(2_000, $"target remote | {haltpoint} gdbserver --once stdio {program} target conditional 2000 now", $"source {script}"));
Console.WriteLine(
    $"{"a hit of which the condition is false",-46}{server,10:F0} gdbserver{ours,9:F0} Haltpoint   {1e9 / ours:N0} a second, {server / ours:F1} times gdbserver's (goal 10)");
return 0;

(double First, double Second) InTurns(Func<double> first, Func<double> second)
{
    List<double> a = [];
    List<double> b = [];
    for (int i = 0; i < rounds; i++)
    {
        a.Add(first());
        b.Add(second());
    }

    return (Median(a), Median(b));
}

double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

double Native(string kind, long count)
{
    using Target target = new(program, kind, count);
    return target.Run() / (double)count;
}

double ByHaltpoint(string kind, long count, ulong length)
{
    using Target target = new(program, kind, count);
    using Watched session = new(target.Id, target.Address, length);
    double time = target.Run() / (double)count;
    long accesses = session.End();
    BenchProgram.Require(kind != "stores" || accesses == count + 1, $"{accesses} of {count} accesses and a look at the last were seen");
    return time;
}

double ByTracer(long count)
{
    using Target target = new(program, "guarded", count);
    using Process tracer = BenchProgram.Start(program, "tracer", target.Id.ToString(CultureInfo.InvariantCulture));
    BenchProgram.Require(tracer.StandardOutput.ReadLine() == "ready", "the C tracer may not trace");
    double time = target.Run() / (double)count;
    target.End();
    tracer.WaitForExit();
    return time;
}

// A loop's step is several instructions: gdb is given the credit.
double ByGdb(int instructions) => Gdb(
    "break begin", "run target untouched 1000 now", "finish", "set can-use-hw-watchpoints 0", "set max-value-size unlimited", "watch array",
    "python import time; start = time.monotonic_ns()", $"stepi {instructions}", "python print(time.monotonic_ns() - start)") / (double)instructions;

// The program itself knows the time it took.
double Conditional(long count, string connect, params string[] commands) => Gdb([
    connect, "break begin", "continue", .. commands, "watch variable if variable == -1",
    "break after", "continue", "printf \"%ld\\n\", elapsed"]) / (double)count;

long Gdb(params string[] commands)
{
    List<string> arguments = ["-q", "-nx", "-batch", "-iex", "set sysroot /", "-iex", "set debuginfod enabled off", program];
    foreach (string command in (string[])[.. commands, "kill"])
    {
        arguments.AddRange(["-ex", command]);
    }

    using Process gdb = BenchProgram.Start("gdb", [.. arguments]);
    gdb.StandardInput.Close();
    string output = gdb.StandardOutput.ReadToEnd();
    gdb.WaitForExit();
    string? time = output.Split('\n').FirstOrDefault(l => l.Length > 0 && l.All(char.IsAsciiDigit));
    BenchProgram.Require(time is not null, $"gdb did not come to the end:\n{output}");
    return long.Parse(time!, CultureInfo.InvariantCulture);
}
