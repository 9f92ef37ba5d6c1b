using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>
/// gdb, its server, the program or the connection end at any moment while pages are armed: the program, when it lives, goes on, counts right, and has
/// the mappings that it had. HALTPOINT_SUDDEN_ENDS sets how many times (docs/testing.md); the seed is in the failure.
/// </summary>
public class SuddenEndTests
{
    private const int LongestDelay = 400;

    private static readonly int s_times =
        int.Parse(Environment.GetEnvironmentVariable("HALTPOINT_SUDDEN_ENDS") ?? "9", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(Victim.Debugger)]
    [InlineData(Victim.DebuggerWithPipe)]
    [InlineData(Victim.Connection)]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Program)]
    public void A_program_outlives_whoever_watches_it(Victim victim)
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        string path = Programs.Build("steadfast");
        RunningProgram program = Start(path, out string watched);
        ulong last = 0;
        try
        {
            for (int i = 0; i < s_times; i++)
            {
                EndOne(victim, program, path, watched, random);
                if (victim == Victim.Program)
                {
                    program.Dispose();
                    program = Start(path, out watched);
                    continue;
                }

                last = AssertUnharmed(program, last, $"seed {seed}, time {i}");
            }

            program.Input.Close();
            Assert.Equal(0, program.WaitForEnd());
        }
        finally
        {
            program.Dispose();
        }
    }

    public enum Victim
    {
        Debugger,

        /// <summary>It is the end of the server's input and output as well.</summary>
        DebuggerWithPipe,

        /// <summary>Both go on: neither is told by the other.</summary>
        Connection,
        Server,
        Program,
    }

    private static RunningProgram Start(string path, out string watched)
    {
        RunningProgram program = new(path);
        watched = program.WaitForLine("0x");
        return program;
    }

    private static void EndOne(Victim victim, RunningProgram program, string path, string watched, Random random)
    {
        if (victim == Victim.DebuggerWithPipe)
        {
            EndOneWithPipe(program, path, watched, random);
            return;
        }

        using HaltpointServer server = new("gdbserver", "--once", "--attach", "localhost:0", program.Id.ToString(CultureInfo.InvariantCulture));
        using Wire wire = new(server.Port());
        using RunningProgram gdb = Watch(path, watched, $"localhost:{wire.Port}");
        server.WaitForLine("Remote debugging from");
        LetPass(random);
        AssertWatches(gdb);
        switch (victim)
        {
            case Victim.Debugger:
                gdb.Signal("KILL");
                break;
            case Victim.Connection:
                wire.Cut(isReset: random.Next(2) == 0);
                break;
            case Victim.Server:
                server.Signal("TERM");
                break;
            default:
                program.Signal("KILL");
                break;
        }

        server.WaitForEnd();
        gdb.WaitForEnd();
    }

    private static void EndOneWithPipe(RunningProgram program, string path, string watched, Random random)
    {
        using RunningProgram gdb = Watch(path, watched, string.Create(CultureInfo.InvariantCulture, $"| {Paths.Haltpoint} gdbserver --once --attach stdio {program.Id}"));
        int server;
        while ((server = TracerOf(program)) == 0)
        {
            AssertWatches(gdb);
            Thread.Yield();
        }

        using Process ending = Process.GetProcessById(server);
        LetPass(random);
        AssertWatches(gdb);
        gdb.Signal("KILL");
        Assert.True(ending.WaitForExit(TimeSpan.FromMinutes(1)));
        gdb.WaitForEnd();
    }

    private static RunningProgram Watch(string path, string watched, string target) => new(
        "gdb", "-q", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set sysroot /", "-iex", "set remotetimeout 60", path,
        "-ex", $"target remote {target}", "-ex", $"awatch *(char (*)[1048576])({watched})", "-ex", "ignore 1 1000000", "-ex", "continue");

    private static void AssertWatches(RunningProgram gdb)
    {
        if (gdb.HasExited)
        {
            gdb.WaitForEnd(out string output);
            Assert.Fail($"gdb ended by itself:\n{output}\n{string.Join('\n', gdb.Errors)}");
        }
    }

    private static void LetPass(Random random)
    {
#pragma warning disable RS0030 // Not to wait for something: the moment itself is what differs.
        Thread.Sleep(random.Next(LongestDelay));
#pragma warning restore RS0030
    }

    private static int TracerOf(RunningProgram program)
    {
        const string key = "TracerPid:\t";
        return int.Parse(File.ReadLines($"/proc/{program.Id}/status").Single(l => l.StartsWith(key, StringComparison.Ordinal)).AsSpan(key.Length), CultureInfo.InvariantCulture);
    }

    private static ulong AssertUnharmed(RunningProgram program, ulong before, string when)
    {
        program.Input.Write("x");
        program.Input.Flush();
        string line = program.WaitForLine(" ");
        Assert.True(line.StartsWith("ok ", StringComparison.Ordinal), $"{line} ({when})");
        ulong count = ulong.Parse(line.AsSpan(3), CultureInfo.InvariantCulture);
        Assert.True(count > before, $"it does not count on ({when})");
        Assert.Equal(0, TracerOf(program));
        return count;
    }
}
