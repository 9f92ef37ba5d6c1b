using System;
using System.Globalization;
using System.IO;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class StepOverTests
{
    [Theory]
    [InlineData(1, 500)]
    [InlineData(8, 100)]
    public void No_thread_slips_past_while_another_steps_over(int threads, int count)
    {
        using TracedProgram program = new("workers", Text(threads), Text(count));
        ulong function = program.RunToAddress();
        program.Interrupt();
        program.Insert(BreakpointKind.Software, function, 1, AgentCode.False);
        BreakpointActions actions = program.Session.Processes[0].Space.ActionsAt(function);
        program.GoOn();
        program.ContinueToExit();
        Assert.Equal(threads * count, actions.Hits);
    }

    [Fact]
    public void An_interrupt_is_told_ahead_of_breakpoints_that_other_threads_hit_all_the_time()
    {
        using TracedProgram program = new("workers", "4", "100000");
        ulong function = program.RunToAddress();
        program.Interrupt();
        program.Insert(BreakpointKind.Software, function);
        program.GoOn();
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(StopReason.SoftwareBreakpoint, program.ContinueToStop().Reason);
            program.ResumeAll();
            program.Interrupt();
        }
    }

    [Fact]
    public void With_two_processes_an_interrupt_is_told_for_the_one_attached_to_last_though_all_its_threads_hit_breakpoints()
    {
        using PipedProgram other = new(TraceeBuilder.Build("signals"), "spin");
        other.ReadAddress();
        other.ReadAddress();
        using PipedProgram busy = new(TraceeBuilder.Build("workers"), "4", "100000");
        ulong function = busy.ReadAddress();
        using AttachedProgram program = new(other);
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Attach(ref program.Target, busy.Id));
        Assert.Equal(busy.Id, program.WaitForStop().Thread.Process);
        ThreadId last = new(busy.Id, busy.Id);
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Insert(ref program.Target, last, BreakpointKind.Software, function, 1, default, default, false));
        busy.GoOn();
        for (int i = 0; i < 50; i++)
        {
            // A thread is at the trap until it is stepped over it, so soon all are.
            Assert.Equal(StopReason.SoftwareBreakpoint, program.ContinueToStop().Reason);
            StopEvent stop;
            do
            {
                program.ResumeAll();
                LinuxTarget.Interrupt(ref program.Target);
                stop = program.WaitForStop();
            }
            while (stop.Signal != SignalNumber.Interrupt);

            Assert.Equal(busy.Id, stop.Thread.Process);
        }

        LinuxTarget.Detach(ref program.Target, busy.Id);
    }

    [Theory]
    [InlineData(BreakpointKind.Software)]
    [InlineData(BreakpointKind.Hardware)]
    public void A_condition_is_judged_without_a_stop(BreakpointKind kind)
    {
        using TracedProgram program = new("workers", "1", "200");
        ulong function = program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        program.Insert(kind, function, 1, AgentCode.WordIs(counter, 57));
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        Assert.Equal(kind == BreakpointKind.Software ? StopReason.SoftwareBreakpoint : StopReason.HardwareBreakpoint, stop.Reason);
        Assert.Equal(57ul, program.ReadWord(counter));
        program.Remove(kind, function);
        program.ContinueToExit();
    }

    [Fact]
    public void A_call_under_a_trap_that_waits_is_stepped_over_without_a_stop()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("signals"));
        piped.ReadLine();
        piped.ReadLine();
        Assert.Equal("ready", piped.ReadLine());
        while (!File.ReadAllText($"/proc/{piped.Id}/syscall").StartsWith("0 ", StringComparison.Ordinal))
        {
            System.Threading.Thread.Yield();
        }

        using AttachedProgram program = new(piped);
        const int callLength = 2;
        program.Insert(BreakpointKind.Software, program.ProgramCounter(program.First) - callLength, 1, AgentCode.False);
        program.ResumeAll();
        while (!File.ReadAllText($"/proc/{piped.Id}/syscall").StartsWith("0 ", StringComparison.Ordinal))
        {
            program.Session.Wait(-1, block: false);
        }

        piped.GoOn();
        program.WaitForExit(0);
    }

    [Fact]
    public void Inserting_again_replaces_the_condition()
    {
        using TracedProgram program = new("workers", "1", "5");
        ulong function = program.RunToAddress();
        program.Interrupt();
        program.Insert(BreakpointKind.Software, function, 1, AgentCode.True);
        program.Insert(BreakpointKind.Software, function, 1, AgentCode.False);
        program.GoOn();
        program.ContinueToExit();
    }

    [Fact]
    public void A_signal_that_comes_at_the_trap_is_delivered_after_the_step()
    {
        using TracedProgram program = new("signals", "spin");
        LinuxTarget.SetPassedSignals(ref program.Target, [1ul << 10]);
        ulong function = program.RunToAddress();
        program.Interrupt();
        program.NextAddress();
        Assert.Equal("ready", program.NextLine());
        program.Insert(BreakpointKind.Software, function, 1, AgentCode.False);
        program.ResumeAll();
        for (int i = 1; i <= 200; i++)
        {
            Assert.Equal(0, Tracees.TestLibc.Queue(program.Id, 10, i));
            Assert.Equal(Text(10) + " -1 " + Text(i), program.NextLine());
        }

        program.Interrupt();
    }

    [Fact]
    public void A_step_range_ends_at_a_breakpoint_in_it()
    {
        using TracedProgram program = new("workers", "1", "5");
        ulong function = program.RunToAddress();
        program.Interrupt();
        program.Insert(BreakpointKind.Software, function);
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        ulong start = program.ProgramCounter(stop.Thread);
        program.Remove(BreakpointKind.Software, function);
        program.Step(stop.Thread);
        ulong second = program.ProgramCounter(stop.Thread);
        program.Insert(BreakpointKind.Software, function);
        program.Resume(new ResumeAction { Threads = stop.Thread, Kind = ResumeKind.StepRange, Start = second, End = second + 1 });
        StopEvent left = program.WaitForStop();
        Assert.Equal(SignalNumber.Trap, left.Signal);
        Assert.NotEqual(second, program.ProgramCounter(stop.Thread));

        // The whole page: it goes round the loop to the breakpoint, which is not executed yet.
        ulong page = start & ~0xFFFul;
        program.Resume(new ResumeAction { Threads = stop.Thread, Kind = ResumeKind.StepRange, Start = page, End = page + 0x1000 });
        StopEvent at = program.WaitForStop();
        Assert.Equal((SignalNumber.Trap, StopReason.None), (at.Signal, at.Reason));
        Assert.Equal(function, program.ProgramCounter(stop.Thread));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
