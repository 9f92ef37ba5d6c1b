using System;
using Haltpoint.Stopping;
using Xunit;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>Single rules of the round-up, one CPU after the other.</summary>
public sealed class RoundupTests : IDisposable
{
    private readonly ModelState _state = new(Cpus);
    private readonly Roundup<ModelTarget> _roundup;
    private ModelTarget _target;

    private const int Cpus = 3;

    public unsafe RoundupTests()
    {
        _roundup = new Roundup<ModelTarget>(_state.Roundup, Cpus, ModelTarget.Patience, ModelTarget.Patience);
        _target = new ModelTarget(_state);
        for (int cpu = 0; cpu < Cpus; cpu++)
        {
            _roundup.ComeOnline(cpu);
            Assert.False(_roundup.Stay(ref _target, cpu));
        }
    }

    public void Dispose() => _state.Dispose();

    [Fact] // D-18, D-56, H-36
    public void A_cpu_that_does_not_answer_is_named_and_the_others_are_served()
    {
        Hit(0);
        Go(0);
        AnswerNmi(1);
        Assert.Equal(RoundupNext.Wait, Go(0));
        Assert.Equal(RoundupNext.Serve, GoWithTimeUp(0));
        Assert.Equal((false, false, true), (_roundup.IsAbsent(0), _roundup.IsAbsent(1), _roundup.IsAbsent(2)));
        Assert.Equal((1, 1, 0), (_roundup.Masters, _roundup.Slaves, _roundup.Active));

        AnswerNmi(2);
        Assert.Equal((false, true, 2), (_roundup.IsAbsent(2), _roundup.IsStopped(2), _roundup.Slaves));
    }

    [Fact]
    public void A_cpu_that_answers_after_the_stop_gets_what_was_wanted_meanwhile()
    {
        Hit(0);
        Go(0);
        AnswerNmi(1);
        Assert.Equal(RoundupNext.Serve, GoWithTimeUp(0));
        _state.Desired = 7;
        Resume(0);
        Go(0);
        Assert.Equal(RoundupNext.Leave, Go(1));
        Assert.Equal(RoundupNext.Leave, Go(0));
        Assert.Equal(0, _state.Cpu(2).Registers);

        Assert.Equal(RoundupNext.Leave, AnswerNmi(2));
        Assert.Equal(7, _state.Cpu(2).Registers);
        Assert.False(_roundup.IsAbsent(2));
    }

    [Fact] // D-51, H-36
    public void A_cpu_that_never_answered_does_not_hang_the_next_stop_and_is_asked_again()
    {
        for (int stop = 0; stop < 2; stop++)
        {
            Hit(0);
            Go(0);
            AnswerNmi(1);
            _state.Cpu(2).IsNmiPending = false; // lost
            Assert.Equal(RoundupNext.Serve, GoWithTimeUp(0));
            Assert.True(_roundup.IsAbsent(2));
            Resume(0);
            Go(0);
            Go(1);
            Assert.Equal(RoundupNext.Leave, Go(0));
        }

        Assert.Equal(RoundupEntry.Entered, _roundup.EnterByNmi(2));
        Assert.Equal(RoundupNext.Leave, Go(2));
        Assert.Equal(RoundupEntry.Inside, _roundup.EnterByNmi(2)); // the other one, late
        Assert.Equal(RoundupEntry.NotOurs, _roundup.EnterByNmi(2));
    }

    [Fact] // B-30
    public void An_nmi_that_nobody_sent_is_somebody_elses() => Assert.Equal(RoundupEntry.NotOurs, _roundup.EnterByNmi(1));

    [Fact] // D-12
    public void Hits_that_come_together_are_told_one_after_the_other_before_anything_runs()
    {
        StopAll(hits: Cpus);
        for (int told = 0; told < Cpus; told++)
        {
            Assert.True(_roundup.TryTakeHit(ref _target, 0, out int cpu));
            Assert.Equal(told, cpu);
            _state.Cpu(cpu).HasOpenHit = false;
        }

        Assert.False(_roundup.TryTakeHit(ref _target, 0, out int none));
        Assert.Equal(-1, none);
    }

    [Fact] // D-13
    public void The_thread_that_steps_is_master_before_one_that_was_first()
    {
        StopAll(hits: 1);
        TakeHit(0);
        _roundup.Resume(0, ModelTarget.ThreadOn(ref _target, 0));
        LetAllGo(0);

        Hit(1);
        Assert.Equal(RoundupNext.Wait, Go(1));
        Assert.Equal(-1, _roundup.Active);
        Hit(0);
        Go(0);
        AnswerNmi(2);
        Assert.Equal(RoundupNext.Serve, Go(0));
        Assert.Equal(0, _roundup.Active);
    }

    [Fact] // D-56
    public void A_step_that_never_ends_does_not_keep_others_from_stopping()
    {
        StopAll(hits: 1);
        TakeHit(0);
        _roundup.Resume(0, ModelTarget.ThreadOn(ref _target, 0));
        LetAllGo(0);

        Hit(1);
        Go(1);
        GoWithTimeUp(1);
        Assert.Equal(1, _roundup.Active);
    }

    [Fact]
    public void A_held_cpu_breaks_in_when_the_only_one_that_runs_hangs()
    {
        StopAll(hits: 1);
        TakeHit(0);
        _roundup.Keep(1);
        _roundup.Keep(2);
        _roundup.Resume(0, ModelTarget.ThreadOn(ref _target, 0));
        Assert.Equal(RoundupNext.Leave, Go(0));
        Assert.Equal(RoundupNext.Wait, Go(1));

        _state.IsBreakInAsked = true;
        Go(1);
        Assert.Equal(RoundupNext.Sleep, Go(2));
        Assert.Equal(RoundupNext.Wait, GoWithTimeUp(1)); // the step had its time
        Assert.Equal(RoundupNext.Serve, GoWithTimeUp(1)); // and its CPU does not answer
        Assert.True(_roundup.TryTakeHit(ref _target, 1, out int cpu));
        Assert.Equal((1, true), (cpu, _roundup.IsAbsent(0)));
    }

    [Fact]
    public void A_held_cpu_sleeps_and_the_release_wakes_it()
    {
        StopAll(hits: 1);
        TakeHit(0);
        Assert.Equal(RoundupNext.Sleep, Go(1));
        ModelTarget.Sleep(ref _target, 1);
        Assert.True(_state.Cpu(1).IsAsleep);

        _roundup.Resume(0, 0);
        Go(0);
        Assert.False(_state.Cpu(1).IsAsleep);
        Assert.Equal(RoundupNext.Leave, Go(1));
    }

    [Fact]
    public void A_cpu_lingers_while_another_steps_and_not_for_long()
    {
        StopAll(hits: 1);
        TakeHit(0);
        _roundup.Linger(1);
        _roundup.Linger(2);
        _roundup.Resume(0, ModelTarget.ThreadOn(ref _target, 0));
        Assert.Equal(RoundupNext.Leave, Go(0));
        Assert.Equal(RoundupNext.Wait, Go(1));
        Assert.Equal(RoundupNext.Sleep, Go(2));

        // The step's stop finds both in.
        Hit(0);
        Assert.Equal(RoundupNext.Serve, Go(0));
        Assert.Equal((false, false), (_state.Cpu(1).IsNmiPending, _state.Cpu(2).IsNmiPending));

        // A step that does not end: the sentry goes, and lets the one that sleeps go.
        TakeHit(0);
        _roundup.Linger(1);
        _roundup.Linger(2);
        _roundup.Resume(0, ModelTarget.ThreadOn(ref _target, 0));
        Assert.Equal(RoundupNext.Leave, Go(0));
        Assert.Equal(RoundupNext.Leave, GoWithTimeUp(1));
        Assert.Equal(RoundupNext.Leave, Go(2));
    }

    [Fact]
    public void The_mastership_comes_back_from_a_cpu_that_does_not_take_it()
    {
        StopAll(hits: 1);
        Assert.False(_roundup.TryHandOver(ref _target, 0, 0));
        Assert.False(_roundup.TryHandOver(ref _target, 0, Cpus));
        Assert.True(_roundup.TryHandOver(ref _target, 0, 2));
        Assert.Equal(RoundupNext.Wait, Go(0));
        Assert.Equal(RoundupNext.Serve, GoWithTimeUp(0));
        Assert.Equal(RoundupNext.Sleep, Go(2));

        Assert.True(_roundup.TryHandOver(ref _target, 0, 2));
        Assert.Equal(RoundupNext.Serve, Go(2));
        Assert.Equal(RoundupNext.Sleep, Go(0));
        Assert.Equal(2, _roundup.Active);
    }

    [Fact] // D-30, D-31
    public void A_breakpoint_inside_the_debugger_is_removed_and_told_once_and_anything_else_is_fatal()
    {
        StopAll(hits: 1);
        _state.IsTrapInside = true;
        Assert.Equal(RoundupEntry.Inside, _roundup.EnterByTrap(1));
        Assert.Equal(ReentryAnswer.Retry, _roundup.Reenter(ref _target, 1, 0x1000));
        Assert.Equal(ReentryAnswer.Retry, _roundup.Reenter(ref _target, 2, 0x1000)); // it was in the instruction already
        Assert.Equal((0, 1, 0), (_roundup.TakeRemoved(0, out _), _roundup.TakeRemoved(1, out ulong address), _roundup.TakeRemoved(2, out _)));
        Assert.Equal(0x1000ul, address);
        Assert.Equal(0, _roundup.TakeRemoved(1, out _));
        Assert.Equal(ReentryAnswer.Fatal, _roundup.Reenter(ref _target, 1, ModelTarget.NoTrap));

        _state.Record(2).IsRemoving = 1; // and the removal itself runs into one
        Assert.Equal(ReentryAnswer.Fatal, _roundup.Reenter(ref _target, 2, 0x1000));
    }

    private void Hit(int cpu)
    {
        _state.Cpu(cpu).HasOpenHit = true;
        Assert.Equal(RoundupEntry.Entered, _roundup.EnterByTrap(cpu));
    }

    private void TakeHit(int master)
    {
        Assert.True(_roundup.TryTakeHit(ref _target, master, out int cpu));
        _state.Cpu(cpu).HasOpenHit = false;
    }

    // The first CPUs have hits, the others are rounded up; CPU 0 serves.
    private void StopAll(int hits)
    {
        for (int cpu = 0; cpu < hits; cpu++)
        {
            Hit(cpu);
        }

        Go(0);
        for (int cpu = 1; cpu < Cpus; cpu++)
        {
            if (cpu < hits)
            {
                Go(cpu);
            }
            else
            {
                AnswerNmi(cpu);
            }
        }

        Assert.Equal(RoundupNext.Serve, Go(0));
    }

    private void Resume(int master)
    {
        TakeHit(master);
        _roundup.Resume(master, 0);
    }

    private void LetAllGo(int master)
    {
        Go(master);
        for (int i = 1; i <= Cpus; i++)
        {
            Assert.Equal(RoundupNext.Leave, Go((master + i) % Cpus));
        }
    }

    private RoundupNext AnswerNmi(int cpu)
    {
        Assert.True(_state.Cpu(cpu).IsNmiPending);
        _state.Cpu(cpu).IsNmiPending = false;
        Assert.Equal(RoundupEntry.Entered, _roundup.EnterByNmi(cpu));
        return Go(cpu);
    }

    // Steps until the CPU waits, serves or leaves.
    private RoundupNext Go(int cpu)
    {
        RoundupNext next;
        do
        {
            next = _roundup.Step(ref _target, cpu);
        }
        while (next == RoundupNext.Again);
        return next;
    }

    private RoundupNext GoWithTimeUp(int cpu)
    {
        _target.Pass();
        return Go(cpu);
    }
}
