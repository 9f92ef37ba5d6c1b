using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests;

/// <summary>A debugger stops the machine for as long as it likes, and nothing in it takes that for a fault. On a clock that counts instructions
/// (<see cref="Machine.WithDrivenClock"/>): all times are the machine's.</summary>
public sealed class StopTests : IDisposable
{
    private const int Cpus = 4;

    // Of the driven clock: an answer of the stopped machine should take a small part of a short stop, and a long one is not to take long.
    private const int FineShift = 5;
    private const int CoarseShift = 10;

    private readonly RawDebugger _debugger = new();
    private Machine? _machine;
    private bool _isConnected;

    public void Dispose()
    {
        _machine?.Dispose();
        _debugger.Dispose();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(80)]
    [InlineData(600)]
    public void A_stop_goes_unnoticed(int seconds)
    {
        Machine machine = Start(seconds < 10 ? FineShift : CoarseShift);
        machine.Run("clocks check");
        machine.Run("load 5");
        machine.Run("hang 60000");
        WaitMilliseconds(machine, 3000);
        machine.Run("sleepers 6 3000");

        Stop(seconds);

        // In order, and the last one has slept through at least as many ticks: 18 s.
        for (int number = 1; number <= 6; number++)
        {
            machine.WaitFor($"sleeper {number} is number {number} to wake");
        }

        machine.WaitFor("the lock is free again");
        AssertUnharmed(machine);
    }

    [Fact]
    public void Many_stops_one_after_the_other_go_unnoticed()
    {
        Machine machine = Start();
        machine.Run("clocks check");
        machine.Run("load 5");
        for (int i = 0; i < 10; i++)
        {
            Stop(5 + i);
        }

        WaitMilliseconds(machine, 10_000);
        AssertUnharmed(machine);
    }

    [Theory]
    [InlineData("clocks", 5, "acpi_pm marked unstable")]
    [InlineData("clocks", 80, "tsc marked unstable")]
    [InlineData("soft", 80, "soft lockup: CPU ")]
    [InlineData("stall", 80, "stall: a grace period has not ended for ")]
    [InlineData("hung", 130, "hung task: thread ")]
    public void Without_its_touch_each_detector_takes_the_stop_for_a_fault(string whom, int seconds, string alarm)
    {
        Machine machine = Start(seconds < 10 ? FineShift : CoarseShift);
        machine.Run($"touches off {whom}");
        machine.Run("hang 60000");
        WaitMilliseconds(machine, 3000); // for a scan to find it waiting

        // No grace period can end meanwhile.
        machine.Run("spin preemption 3000");

        Stop(seconds);

        machine.WaitFor(alarm);
        machine.WaitFor("the lock is free again");

        // Nobody else was alarmed: the lines of the log are of this detector alone.
        string kind = whom == "clocks" ? "clocks: " : $"watchdogs: {whom}";
        Assert.All(Alarms(machine), line => Assert.Contains(kind, line, StringComparison.Ordinal));
    }

    /// <summary>What gdb does with scheduler-locking: one CPU runs, and looks at others that have no ticks.</summary>
    [Theory]
    [InlineData("on", false)]
    [InlineData("off", true)]
    public void A_CPU_that_the_debugger_holds_while_others_run_is_not_locked_up(string touch, bool isAlarmed)
    {
        Machine machine = Start();
        machine.Run($"touches {touch} hard");
        machine.Run("sleepers 4 20000");
        _debugger.Connect();

        // It runs alone until a thread on it has slept through its ticks: twice as long at least as a CPU may have none.
        string thread = _debugger.Monitor("threads").Split('\n').First(l => l.Contains(" sleeper ", StringComparison.Ordinal));
        int cpu = int.Parse(thread[(thread.IndexOf("CPU ", StringComparison.Ordinal) + 4)..], CultureInfo.InvariantCulture);
        _debugger.Send($"vCont;c:{cpu + 1}");
        machine.WaitFor("is number 1 to wake");
        _debugger.Interrupt();

        Assert.Equal(isAlarmed, _debugger.Monitor("dmesg").Contains("hard lockup: CPU ", StringComparison.Ordinal));
        _debugger.Continue();
        machine.WaitFor("is number 4 to wake");
        Assert.Equal(isAlarmed, Alarms(machine).Length > 0);
    }

    [Fact]
    public void A_clock_that_runs_wrong_is_caught_after_a_stop_too()
    {
        Machine machine = Start();
        machine.Run("clocks check");
        Stop(80);
        machine.Run("clocks drift 5000");

        machine.WaitFor("clocks: tsc marked unstable");
        machine.WaitFor("clocks: time is told by hpet");
        Assert.Contains(" 0 back in time", machine.Run("clocks check"), StringComparison.Ordinal);
    }

    /// <summary>F-8: the only counter left comes round in less than five seconds.</summary>
    [Fact]
    public void Time_told_by_a_counter_that_comes_round_during_the_stop_loses_nothing()
    {
        Machine machine = Start(CoarseShift, "-no-hpet");
        machine.Run("clocks check");
        machine.Run("clocks shift 2 30000");
        machine.WaitFor("clocks: time is told by acpi_pm");
        _debugger.Connect();

        // The counter of cycles goes at a billion a second here, and is not what time is told by any more.
        (double time, ulong cycles) = TimeAndCycles();
        double now;
        ulong cyclesNow;
        do
        {
            (now, cyclesNow) = TimeAndCycles();
        }
        while (cyclesNow < cycles + 30_000_000_000);

        Assert.InRange(now - time, ((cyclesNow - cycles) / 1e9) - 0.1, ((cyclesNow - cycles) / 1e9) + 0.1);
        _debugger.Continue();
        Assert.Contains(" 0 back in time", machine.Run("clocks check"), StringComparison.Ordinal);
    }

    private static string[] Alarms(Machine machine) =>
        [.. machine.Run("dmesg").Split('\n').Where(l => l.Contains("] watchdogs: ", StringComparison.Ordinal) || l.Contains("] clocks: ", StringComparison.Ordinal))];

    private static void WaitMilliseconds(Machine machine, int milliseconds)
    {
        machine.Run($"sleepers 1 {milliseconds}");
        machine.WaitFor("sleeper 1 is number 1 to wake");
    }

    private static void AssertUnharmed(Machine machine)
    {
        Assert.Empty(Alarms(machine));
        Assert.Contains(" 0 back in time", machine.Run("clocks check"), StringComparison.Ordinal);
        string clocks = machine.Run("clocks");
        Assert.Contains("told by tsc", clocks, StringComparison.Ordinal);
        Assert.DoesNotContain("unstable", clocks, StringComparison.Ordinal);
        Assert.Contains("no load", machine.Run("stop"), StringComparison.Ordinal);
    }

    private Machine Start(int shift = CoarseShift, params string[] options)
    {
        _machine = Machine.WithDrivenClock(Cpus, shift, [.. _debugger.Options, .. options]);
        _machine.WaitForPrompt();
        return _machine;
    }

    // The first stop connects.
    private void Stop(int seconds)
    {
        if (_isConnected)
        {
            _debugger.Interrupt();
        }
        else
        {
            _debugger.Connect();
            _isConnected = true;
        }

        double before = Seconds();
        while (Seconds() < before + seconds)
        {
        }

        _debugger.Continue();
    }

    private double Seconds() => TimeAndCycles().Seconds;

    private (double Seconds, ulong Cycles) TimeAndCycles()
    {
        Match told = Regex.Match(_debugger.Monitor("watchdogs"), @"^time (\d+) s (\d+) us.*^tsc at (\d+) cycles", RegexOptions.Multiline | RegexOptions.Singleline);
        double seconds = double.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture) + (double.Parse(told.Groups[2].Value, CultureInfo.InvariantCulture) / 1e6);
        return (seconds, ulong.Parse(told.Groups[3].Value, CultureInfo.InvariantCulture));
    }
}
