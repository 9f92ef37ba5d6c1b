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
    public void What_registers_have_no_room_for_is_held_by_its_pages()
    {
        using TracedProgram program = new("workers", "1", "3");
        program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        program.Insert(BreakpointKind.WriteWatch, counter, 8);
        Assert.False(program.Session.Processes[0].Watchpoints.All[0].IsTrapped);
        program.Insert(BreakpointKind.WriteWatch, counter + 0x100, 16);
        program.Insert(BreakpointKind.Hardware, counter + 0x200);
        program.Insert(BreakpointKind.AccessWatch, counter + 0x300, 4);

        // All are on one page, of which the registers see nothing any more.
        TraceeProcess process = program.Session.Processes[0];
        Assert.All(process.Watchpoints.All, w => Assert.True(w.IsTrapped));
        Assert.Equal(1, process.Hardware.RequestCount);
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        Assert.Equal((StopReason.WriteWatchpoint, counter, 1ul), (stop.Reason, stop.Address, program.ReadWord(counter)));

        program.Remove(BreakpointKind.AccessWatch, counter + 0x300, 4);
        program.Remove(BreakpointKind.WriteWatch, counter + 0x100, 16);
        stop = program.ContinueToStop();
        Assert.Equal((StopReason.WriteWatchpoint, counter, 2ul), (stop.Reason, stop.Address, program.ReadWord(counter)));
        Assert.False(Assert.Single(process.Watchpoints.All).IsTrapped);
        program.Remove(BreakpointKind.WriteWatch, counter, 8);
        program.ContinueToExit();
    }

    [Fact]
    public void What_neither_registers_nor_pages_can_hold_is_refused_with_the_reason_and_changes_nothing()
    {
        using TracedProgram program = new("workers", "1", "3");
        program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        const int ThreadPointer = 58;
        ulong controlBlock = program.ReadRegister(program.First, ThreadPointer);
        program.Insert(BreakpointKind.WriteWatch, counter, 8);
        program.Insert(BreakpointKind.WriteWatch, controlBlock + 16, 24);
        Assert.Equal(4, program.Session.Processes[0].Hardware.RequestCount + 2);
        Assert.Equal(TargetStatus.Refused, Insert(program, controlBlock + 16, 64));
        Assert.Contains("control block", LastError(program), StringComparison.Ordinal);
        Assert.Equal(TargetStatus.NoSlot, Insert(program, controlBlock + 64, 16));
        Assert.Contains("control block", LastError(program), StringComparison.Ordinal);
        Assert.Contains($"write watchpoint of 24 bytes at 0x{controlBlock + 16:x}", LastError(program), StringComparison.Ordinal);
        Assert.Equal(TargetStatus.Refused, Insert(program, 0x10000, 64));
        Assert.Contains("nothing is mapped from 0x10000", LastError(program), StringComparison.Ordinal);

        Assert.Equal(2, program.Session.Processes[0].Hardware.RequestCount);
        Assert.DoesNotContain(program.Session.Processes[0].Watchpoints.All, w => w.IsTrapped);
        program.Remove(BreakpointKind.WriteWatch, controlBlock + 16, 24);
        program.GoOn();
        Assert.Equal((StopReason.WriteWatchpoint, counter), (program.ContinueToStop() is var stop ? stop.Reason : default, counter));
    }

    [Fact]
    public void Slots_that_perf_events_hold_are_respected()
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
            Assert.True(program.Session.Find(program.First)!.HeldDebugRegisters.Control.IsArmed(0));
            program.Insert(BreakpointKind.WriteWatch, counter + 8, 8);

            Assert.Equal(0, program.Session.Processes[0].Hardware.RequestCount);
            Assert.False(program.Session.Find(program.First)!.HeldDebugRegisters.Control.IsAnyArmed);
            Assert.All(program.Session.Processes[0].Watchpoints.All, w => Assert.True(w.IsTrapped));
        }
        finally
        {
            Array.ForEach(events, held => held.Dispose());
        }

        program.GoOn();
        Assert.Equal(StopReason.WriteWatchpoint, program.ContinueToStop().Reason);
    }

    [Fact]
    public void A_fifth_hardware_breakpoint_is_a_trap_that_is_told_and_taken_out()
    {
        using TracedProgram program = new("workers", "1", "3");
        ulong function = program.RunToAddress();
        program.Interrupt();
        for (ulong i = 1; i <= 4; i++)
        {
            program.Insert(BreakpointKind.Hardware, function + 0x1000 + i);
        }

        ulong code = program.ReadWord(function);
        program.Insert(BreakpointKind.Hardware, function);
        program.Insert(BreakpointKind.Software, function);
        Assert.Equal(code, program.ReadWord(function));
        program.GoOn();
        Assert.Equal(function, program.ProgramCounter(program.ContinueToStop().Thread));
        program.Remove(BreakpointKind.Software, function);
        Assert.Equal(function, program.ProgramCounter(program.ContinueToStop().Thread));
        program.Remove(BreakpointKind.Hardware, function);
        Assert.Equal(4, program.Session.Processes[0].Hardware.RequestCount);
        program.ContinueToExit();
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

    private static TargetStatus Insert(TracedProgram program, ulong address, int length) =>
        LinuxTarget.Insert(ref program.Target, program.First, BreakpointKind.WriteWatch, address, length, default, default, false);

    private static string LastError(TracedProgram program)
    {
        byte[] text = new byte[512];
        return Encoding.UTF8.GetString(text, 0, LinuxTarget.LastError(ref program.Target, text));
    }
}
