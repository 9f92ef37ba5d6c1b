// What tracing costs a program: haltpoint's page traps beside valgrind's lackey, which looks at every access there is, and beside no trace.
// usage: Haltpoint.Bench.Trace [ROUNDS]
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Haltpoint.Bench;
using Haltpoint.Linux.Tracing;

int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
string traced = BenchProgram.Build("trace", "-O1");
bool hasValgrind = File.Exists("/usr/bin/valgrind");
Console.WriteLine($"a program that writes an array of one page, and works elsewhere between the writes; medians of {rounds} rounds taken in turns");
Console.WriteLine($"{"writes",8}{"work",8}{"alone",12}{"haltpoint",12}{"lackey",12}{"lackey/haltpoint",18}{"ns/write",12}");
foreach ((long writes, long work) in new[] { (10_000L, 0L), (2_000L, 100L), (200L, 1_000L) })
{
    List<long> alone = [];
    List<long> haltpoint = [];
    List<long> lackey = [];
    for (int i = 0; i < rounds; i++)
    {
        alone.Add(Alone(writes, work));
        haltpoint.Add(ByHaltpoint(writes, work));
        if (hasValgrind)
        {
            lackey.Add(ByLackey(writes, work));
        }
    }

    double ratio = (double)Median(lackey) / Median(haltpoint);
    double each = (double)(Median(haltpoint) - Median(alone)) / writes;
    Console.WriteLine($"{writes,8}{work,8}{Text(alone),12}{Text(haltpoint),12}{Text(lackey),12}{ratio,18:F2}{each,12:F0}");
}

if (!hasValgrind)
{
    Console.WriteLine("valgrind is not installed: nothing to set it beside");
}

return 0;

static long Median(List<long> times) => times.Count == 0 ? 0 : times.Order().ElementAt(times.Count / 2);

static string Text(List<long> times) => (Median(times) / 1e6).ToString("0.0 ms", CultureInfo.InvariantCulture);

long Alone(long writes, long work)
{
    long start = Stopwatch.GetTimestamp();
    using Process program = Start(traced, writes, work);
    return Finish(program, start);
}

// Each from the start of the program to its end: what they print is thrown away, as neither is to be measured by the disk.
long ByHaltpoint(long writes, long work)
{
    byte[][] command = [Encoding.UTF8.GetBytes(traced), Encoding.UTF8.GetBytes($"{writes}"), Encoding.UTF8.GetBytes($"{work}")];
    long start = Stopwatch.GetTimestamp();
    using AccessTrace trace = AccessTrace.OnProgram(command, TracedMemory.Variable("looked_at"), new AccessTraceOptions { Values = true });
    long seen = Count(trace).GetAwaiter().GetResult();
    long time = Stopwatch.GetElapsedTime(start).Ticks * 100;
    BenchProgram.Require(seen == writes, $"haltpoint saw {seen} of {writes} writes");
    return time;
}

static async Task<long> Count(AccessTrace trace)
{
    long seen = 0;
    await foreach (TracedAccess access in trace.ReadAccessesAsync())
    {
        seen += access.Value.IsKnown && access.Location.Line > 0 ? 1 : 0;
    }

    return seen;
}

long ByLackey(long writes, long work)
{
    long start = Stopwatch.GetTimestamp();
    using Process lackey = Start("valgrind", writes, work, "--tool=lackey", "--trace-mem=yes", "--log-file=/dev/null", traced);
    return Finish(lackey, start);
}

long Finish(Process process, long start)
{
    process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    BenchProgram.Require(process.ExitCode == 0, $"{process.StartInfo.FileName} ended with {process.ExitCode}");
    return Stopwatch.GetElapsedTime(start).Ticks * 100;
}

static Process Start(string program, long writes, long work, params string[] before) =>
    Process.Start(new ProcessStartInfo(
        program, [.. before, writes.ToString(CultureInfo.InvariantCulture), work.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
    })!;
