using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>Whole sessions with stock gdb over the second serial port, by the names of the C# sources.</summary>
public sealed class GdbSessionTests
{
    private const int StepsPerRound = 500; // what Workload.AddToShared adds at a time

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_session_sees_every_CPU_and_leaves_the_machine_as_it_was(int cpus)
    {
        using DebuggedMachine machine = new(cpus);
        machine.Console.Run($"load {cpus + 2}");

        string output = Gdb.Run(
            machine,
            "info threads",
            "echo BREAK\\n", "break Scheduler::Tick", "continue", "print $_thread - 1 == ((Cpu *)$gs_base)->Index", "backtrace",
            "echo STEP\\n", "delete", "next", "stepi", "finish",
            "echo HARDWARE\\n", "hbreak Workload::AddToShared", "continue", "backtrace", "delete",
            "echo WATCH\\n", "watch Workload::s_shared", "continue", "monitor cpus", "print $_thread - 1", "delete",
            "echo ACCESS\\n", "awatch Workload::s_shared", "continue", "delete",
            "echo ALL\\n", "thread apply all -q print ((Cpu *)$gs_base)->Index", "thread apply all backtrace 1",
            "echo END\\n");

        Assert.Equal(Enumerable.Range(0, cpus).Select(i => $"Thread 1.{i + 1} \"CPU {i}\""), ThreadsIn(Gdb.Between(output, "", "BREAK")));

        string interrupted = Gdb.Between(output, "BREAK", "STEP");
        string finished = Gdb.Between(output, "STEP", "HARDWARE");
        Assert.Matches(@"(CPU \d+"" hit )?Breakpoint 1, Scheduler::Tick \(cpu=0x[0-9a-f]+, frame=0x[0-9a-f]+\) at .*/Threads/Scheduler.cs:\d+", interrupted);
        Assert.Contains("$1 = true", interrupted, StringComparison.Ordinal);
        AssertOrder(interrupted, "#0  Scheduler::Tick", "DeviceInterrupts::Handle", "InterruptDispatch::Dispatch", "<signal handler called>", ".cs:");
        Assert.Matches(@"DeviceInterrupts::Handle .*DeviceInterrupts.cs:\d+\n.*\nValue returned is ", finished);

        string hardware = Gdb.Between(output, "HARDWARE", "WATCH");
        Assert.Matches(@"Breakpoint 2, Workload::AddToShared \(steps=500\)", hardware);
        AssertOrder(hardware, "#0  Workload::AddToShared", "Workload::Run (number=", "thread_entry ()");

        string watch = Gdb.Between(output, "WATCH", "ACCESS");
        Assert.Matches(@"Hardware watchpoint 3: Workload::s_shared", watch);
        Assert.Equal(StepsPerRound, Value(watch, "New value") - Value(watch, "Old value"));
        Assert.Contains("Workload::AddToShared", watch, StringComparison.Ordinal);
        Assert.Matches($@"CPU +{Printed(watch)} master +thread +\d+ load\n", watch);

        string access = Gdb.Between(output, "ACCESS", "ALL");
        Assert.Matches(@"Hardware access \(read/write\) watchpoint 4: Workload::s_shared\n\n(Old )?[Vv]alue = \d+", access);

        string all = Gdb.Between(output, "ALL", "END");
        Assert.Equal(
            Enumerable.Range(0, cpus), Regex.Matches(all, @"^\$\d+ = (\d+)$", RegexOptions.Multiline).Select(m => Number(m.Groups[1].Value)).Order());
        Assert.Equal(cpus, Regex.Count(all, "^#0 ", RegexOptions.Multiline));

        // Nothing is left: the load goes on and ends with its sum intact, and another gdb finds the machine.
        Assert.Matches(@"no load, [1-9]\d*00 steps done", machine.Console.Run("stop"));
        Assert.Equal(cpus, ThreadsIn(Gdb.Run(machine, "info threads")).Count);
        machine.AssertRuns();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Control_C_stops_every_CPU(int cpus)
    {
        using DebuggedMachine machine = new(cpus);
        machine.Console.Run($"load {cpus}");
        using Gdb gdb = new(
            machine,
            "echo READY\\n", "continue", "echo FIRST\\n", "info threads", "continue",
            "echo SECOND\\n", "thread apply all -q print ((Cpu *)$gs_base)->Index", "echo END\\n");

        // The machine is stopped, and answers when it runs again.
        gdb.WaitForLine("READY");
        machine.AssertRuns();
        gdb.Interrupt();
        gdb.WaitForLine("FIRST");
        machine.AssertRuns();
        gdb.Interrupt();

        string output = gdb.WaitForEnd();
        Assert.Contains("received signal SIGINT", Gdb.Between(output, "READY", "FIRST"), StringComparison.Ordinal);
        Assert.Equal(cpus, ThreadsIn(Gdb.Between(output, "FIRST", "SECOND")).Count);
        Assert.Contains("received signal SIGINT", Gdb.Between(output, "FIRST", "SECOND"), StringComparison.Ordinal);
        Assert.Equal(cpus, Regex.Count(Gdb.Between(output, "SECOND", "END"), @"^\$\d+ = \d+$", RegexOptions.Multiline));
        Assert.Matches(@"no load, [1-9]\d*00 steps done", machine.Console.Run("stop"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_step_goes_into_the_function_that_a_line_calls(int cpus)
    {
        using DebuggedMachine machine = new(cpus);
        machine.Console.Run("load 1");

        string output = Gdb.Run(
            machine,
            "break Workload::Work", "continue", "delete", "echo CALLER\\n", "finish", "echo STEP\\n", "step", "backtrace 2", "echo BACK\\n", "finish", "echo END\\n");

        Assert.Contains("Value returned is $1 = 500", Gdb.Between(output, "CALLER", "STEP"), StringComparison.Ordinal);
        string step = Gdb.Between(output, "STEP", "BACK");
        Assert.Matches(@"Workload::AddToShared \(steps=500\) at .*/Workload.cs:\d+", step);
        AssertOrder(step, "#0  Workload::AddToShared", "#1 ", "Workload::Run (number=");
        Assert.Contains("Workload::Run (number=", Gdb.Between(output, "BACK", "END"), StringComparison.Ordinal);
        Assert.Matches(@"no load, [1-9]\d*00 steps done", machine.Console.Run("stop"));
    }

    /// <summary>As the long session, with the fewest packets: the emulator gives 16 held CPUs all the time that the one that talks would need.</summary>
    [Fact]
    public void Sixteen_CPUs_are_stopped_seen_and_let_go()
    {
        const int Cpus = 16;
        using DebuggedMachine machine = new(Cpus);
        machine.Console.Run($"load {Cpus}");

        string output = Gdb.Run(
            machine,
            "watch Workload::s_shared", "continue", "monitor cpus", "echo CPUS\n", "delete", "hbreak Scheduler::Tick", "continue", "backtrace 3",
            "thread apply all -q print ((Cpu *)$gs_base)->Index");

        string list = Gdb.Between(output, "", "CPUS");
        Assert.Equal(StepsPerRound, Value(list, "New value") - Value(list, "Old value"));
        Assert.Equal(Cpus, Regex.Count(list, @"^CPU +\d+ (master|held) ", RegexOptions.Multiline));
        AssertOrder(output, "#0  Scheduler::Tick", "DeviceInterrupts::Handle", "InterruptDispatch::Dispatch");
        Assert.Equal(
            Enumerable.Range(0, Cpus), Regex.Matches(output, @"^\$\d+ = (\d+)$", RegexOptions.Multiline).Select(m => Number(m.Groups[1].Value)).Order());
        Assert.Matches(@"no load, [1-9]\d*00 steps done", machine.Console.Run("stop"));
    }

    private static List<string> ThreadsIn(string list) =>
        [.. Regex.Matches(list, @"^[* ] \d+ +(Thread 1\.\d+ ""CPU \d+"")", RegexOptions.Multiline).Select(m => m.Groups[1].Value)];

    private static long Value(string text, string name) => long.Parse(Regex.Match(text, name + @" = (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);

    private static int Printed(string text) => Number(Regex.Match(text, @"^\$\d+ = (\d+)$", RegexOptions.Multiline).Groups[1].Value);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void AssertOrder(string text, params string[] parts)
    {
        int at = 0;
        foreach (string part in parts)
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"no {part} in its place in:\n{text}");
            at = found + part.Length;
        }
    }
}
