using System;
using System.Linq;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.DebugRegisters;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class HardwareTests
{
    [Fact]
    public void A_thread_that_starts_later_is_watched_from_its_first_instruction()
    {
        using TracedProgram program = new("storm", "threads", "10");
        Assert.Equal("ready", program.RunToLine());
        program.Interrupt();
        ulong start = program.ReadRegister(program.First, 7) & ~7ul;
        program.Insert(BreakpointKind.WriteWatch, start - (1 << 20), 8);
        LinuxTarget.SetThreadEvents(ref program.Target, true);
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        while (stop.Kind != StopKind.ThreadCreated)
        {
            stop = program.ContinueToStop();
        }

        // Told before its first instruction; what it will run with is written as it is resumed.
        program.Step(stop.Thread);
        Assert.True(program.Session.Find(stop.Thread)!.HeldDebugRegisters.Control.IsArmed(0));
        Assert.NotEqual(0, TestLibc.DebugRegister(stop.Thread.Thread, 7) & 0xFF);
    }

    [Theory]
    [InlineData(BreakpointKind.WriteWatch, StopReason.WriteWatchpoint)]
    [InlineData(BreakpointKind.AccessWatch, StopReason.AccessWatchpoint)]
    public void Watchpoints_hit_by_one_instruction_are_told_one_after_the_other(BreakpointKind kind, StopReason reason)
    {
        using TracedProgram program = new("workers", "1", "3");
        program.RunToAddress();
        program.Interrupt();
        program.NextAddress();
        ulong flag = program.NextAddress();
        program.Insert(kind, flag + 2, 2);
        program.Insert(kind, flag + 4, 4);
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        Assert.Equal((SignalNumber.Trap, reason), (stop.Signal, stop.Reason));
        Assert.Equal(flag + 2, stop.Address);
        ulong counter = program.ProgramCounter(stop.Thread);
        StopEvent second = program.ContinueToStop();
        Assert.Equal((stop.Thread, SignalNumber.Trap, reason, flag + 4), (second.Thread, second.Signal, second.Reason, second.Address));
        Assert.Equal(counter, program.ProgramCounter(stop.Thread));
        program.ContinueToExit();
    }

    [Fact]
    public void A_fifth_slot_is_refused_and_the_holders_are_named()
    {
        using TracedProgram program = new("workers", "1", "3");
        program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        program.Insert(BreakpointKind.WriteWatch, counter, 8);
        program.Insert(BreakpointKind.WriteWatch, counter + 0x100, 16);
        program.Insert(BreakpointKind.Hardware, counter + 0x200);
        Assert.Equal(TargetStatus.NoSlot, LinuxTarget.Insert(ref program.Target, program.First, BreakpointKind.AccessWatch, counter + 0x300, 4, default, default, false));
        string reason = LastError(program);
        Assert.Contains("0 of 4", reason, StringComparison.Ordinal);
        Assert.Contains($"write watchpoint of 16 bytes at 0x{counter + 0x100:x}", reason, StringComparison.Ordinal);

        program.Remove(BreakpointKind.Hardware, counter + 0x200);
        program.Insert(BreakpointKind.AccessWatch, counter + 0x300, 4);
    }

    [Fact]
    public void Slots_that_perf_events_hold_are_respected_and_said_so()
    {
        using TracedProgram program = new("workers", "1", "3");
        program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        BreakpointEvent[] events = [.. Enumerable.Range(0, 3).Select(_ => new BreakpointEvent(program.Id, -1, counter, 8))];
        try
        {
            Assert.SkipWhen(events[0].IsRefused, "perf events are not allowed here");
            program.Insert(BreakpointKind.WriteWatch, counter, 8);
            Assert.Equal(TargetStatus.NoSlot, LinuxTarget.Insert(ref program.Target, program.First, BreakpointKind.WriteWatch, counter + 8, 8, default, default, false));
            Assert.Contains("perf events", LastError(program), StringComparison.Ordinal);

            // The refusal left nothing half done.
            Assert.Equal(1, program.Session.Processes[0].Hardware.RequestCount);
            Assert.True(program.Session.Find(program.First)!.HeldDebugRegisters.Control.IsArmed(0));
            Assert.False(program.Session.Find(program.First)!.HeldDebugRegisters.Control.IsArmed(1));
        }
        finally
        {
            Array.ForEach(events, held => held.Dispose());
        }

        program.GoOn();
        Assert.Equal(StopReason.WriteWatchpoint, program.ContinueToStop().Reason);
    }

    [Fact]
    public void Removing_and_inserting_at_each_stop_writes_no_register()
    {
        using TracedProgram program = new("workers", "1", "3");
        program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        program.Insert(BreakpointKind.WriteWatch, counter, 8);
        Tracee tracee = program.Session.Find(program.First)!;
        program.Remove(BreakpointKind.WriteWatch, counter, 8);
        Assert.True(tracee.HeldDebugRegisters.Control.IsArmed(0));
        program.Insert(BreakpointKind.WriteWatch, counter, 8);
        program.Remove(BreakpointKind.WriteWatch, counter, 8);
        program.GoOn();
        program.ContinueToExit();
    }

    [Fact]
    public void A_hit_that_waited_is_dropped_when_its_watchpoint_is_gone()
    {
        using TracedProgram program = new("workers", "4", "50");
        program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        program.Insert(BreakpointKind.WriteWatch, counter, 8);
        program.GoOn();
        Assert.Equal(StopReason.WriteWatchpoint, program.ContinueToStop().Reason);
        program.Remove(BreakpointKind.WriteWatch, counter, 8);
        program.ContinueToExit();
    }

    [Fact]
    public void A_watchpoint_is_hit_while_stepping()
    {
        using TracedProgram program = new("workers", "1", "3");
        ulong function = program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        program.Insert(BreakpointKind.Software, function);
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        program.Remove(BreakpointKind.Software, function);
        program.Insert(BreakpointKind.WriteWatch, counter, 8);
        StopEvent step;
        int steps = 0;
        do
        {
            step = program.Step(stop.Thread);
        }
        while (step.Reason == StopReason.None && ++steps < 100);
        Assert.Equal((StopReason.WriteWatchpoint, counter), (step.Reason, step.Address));
        Assert.Equal(1ul, program.ReadWord(counter));
    }

    [Fact]
    public void A_kernel_address_is_refused_by_name()
    {
        using TracedProgram program = new("workers", "1", "3");
        Assert.Equal(TargetStatus.BadAddress, LinuxTarget.Insert(ref program.Target, program.First, BreakpointKind.WriteWatch, 0xFFFF_8000_0000_0000, 8, default, default, false));
        Assert.False(program.Session.Find(program.First)!.HeldDebugRegisters.Control.IsAnyArmed);
    }

    private static string LastError(TracedProgram program)
    {
        byte[] text = new byte[512];
        return Encoding.UTF8.GetString(text, 0, LinuxTarget.LastError(ref program.Target, text));
    }
}
