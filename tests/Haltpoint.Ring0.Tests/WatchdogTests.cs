using System;
using Xunit;

namespace Haltpoint.Ring0.Tests;

/// <summary>Real faults, which the watchdogs have to find. On a clock that counts instructions, so that nothing depends on the host.</summary>
public sealed class WatchdogTests : IDisposable
{
    private readonly Machine _machine = Machine.WithDrivenClock(4, shift: 10);

    public WatchdogTests() => _machine.WaitForPrompt();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_CPU_that_lets_no_other_thread_run_is_named_with_the_thread()
    {
        _machine.Run("spin preemption 25000");

        _machine.WaitFor("watchdogs: soft lockup: CPU 3 has been in thread ");
        Assert.Contains("spin for 20 s", _machine.WaitFor("Shell.Provocations.SpinWithoutPreemption"), StringComparison.Ordinal);
        _machine.WaitFor("watchdogs: stall: a grace period has not ended for 21 s, for want of CPUs 8");
    }

    [Fact]
    public void A_CPU_that_takes_no_interrupts_is_named_with_its_backtrace()
    {
        _machine.Run("spin interrupts 15000");

        _machine.WaitFor("watchdogs: hard lockup: CPU 3 has had no tick for 10 s");
        string backtrace = _machine.WaitFor("thread_entry");
        Assert.Contains("Shell.Provocations.Spin", backtrace, StringComparison.Ordinal);
        Assert.Contains("Shell.Provocations.SpinWithoutInterrupts", backtrace, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_that_waits_too_long_for_another_is_named_once()
    {
        _machine.Run("hang 400000");

        _machine.WaitFor("watchdogs: hung task: thread ");
        Assert.DoesNotContain("hung", _machine.WaitFor("the lock is free again"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hard", 2, "spin preemption 6000", "spin for 4 s")]
    [InlineData("hard", 2, "spin interrupts 6000", "has had no tick for 2 s")]
    [InlineData("hung", 3, "hang 10000", "waiter has waited for 3 s")]
    [InlineData("stall", 5, "spin preemption 8000", "has not ended for 5 s")]
    public void Thresholds_can_be_set(string detector, int seconds, string fault, string alarm)
    {
        _machine.Run($"watchdogs {detector} {seconds}");
        _machine.Run(fault);

        _machine.WaitFor(alarm);
    }

    [Theory]
    [InlineData("clocks shift 1 5000")]
    [InlineData("clocks shift 2 -5000")]
    [InlineData("clocks drift 3000")]
    [InlineData("clocks drift -3000")]
    public void A_time_stamp_counter_that_runs_wrong_is_left_and_time_never_goes_back(string fault)
    {
        _machine.Run("clocks check");
        _machine.Run(fault);

        _machine.WaitFor("clocks: tsc marked unstable");
        _machine.WaitFor("clocks: time is told by hpet");
        string clocks = _machine.Run("clocks");
        Assert.Contains("told by hpet", clocks, StringComparison.Ordinal);
        Assert.Contains("rating 300, unstable", clocks, StringComparison.Ordinal);
        Assert.Contains(" 0 back in time", _machine.Run("clocks check"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("touches off", "touches off WHOM, touches on WHOM: ")]
    [InlineData("touches maybe soft", "touches off WHOM, touches on WHOM: ")]
    [InlineData("clocks shift 4 1", "clocks, clocks shift CPU US")]
    [InlineData("watchdogs hard 0", "watchdogs, watchdogs hard S")]
    [InlineData("spin preemption", "spin preemption MS, ")]
    [InlineData("hang x", "hang MS")]
    [InlineData("sleepers 3", "sleepers N MS")]
    public void A_wrong_line_is_answered_with_what_it_should_be(string line, string answer) =>
        Assert.Contains(answer, _machine.Run(line), StringComparison.Ordinal);
}
