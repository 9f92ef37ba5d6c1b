using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

public class FirstStepsTests
{
    [Fact]
    public void A_program_runs_to_its_end()
    {
        using TracedProgram program = new("workers", "1", "10");
        program.RunToAddress();
        program.Interrupt();
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        Assert.Equal((StopKind.ProcessExited, 0), (stop.Kind, stop.Code));
    }

    [Fact]
    public void Ctrl_C_stops_with_SIGINT()
    {
        using TracedProgram program = new("workers", "1", "10");
        program.RunToAddress();
        StopEvent stop = program.Interrupt();
        Assert.Equal((StopKind.Signal, SignalNumber.Interrupt), (stop.Kind, stop.Signal));
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(8, 100)]
    public void Every_write_of_every_thread_is_caught(int threads, int count)
    {
        using TracedProgram program = new("workers", threads.ToString(), count.ToString());
        program.RunToAddress();
        program.Interrupt();
        // The addresses came in one piece with the first.
        ulong counter = program.NextAddress();
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Insert(ref program.Target, program.First, BreakpointKind.WriteWatch, counter, 8, default, default, false));
        program.GoOn();
        for (int i = 1; i <= threads * count; i++)
        {
            StopEvent stop = program.ContinueToStop();
            Assert.Equal((StopReason.WriteWatchpoint, counter), (stop.Reason, stop.Address));

            // Another thread's write may be done already and wait to be told.
            Assert.InRange(program.ReadWord(counter), (ulong)i, (ulong)(i + threads - 1));
        }

        Assert.Equal(StopKind.ProcessExited, program.ContinueToStop().Kind);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(8, 100)]
    public void Every_thread_hits_a_breakpoint_each_time(int threads, int count)
    {
        using TracedProgram program = new("workers", threads.ToString(), count.ToString());
        ulong function = program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Insert(ref program.Target, program.First, BreakpointKind.Software, function, 1, default, default, false));
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        for (int i = 0; i < threads * count; i++)
        {
            Assert.Equal(StopReason.SoftwareBreakpoint, stop.Reason);
            Assert.Equal((ulong)i, program.ReadWord(counter));

            // As gdb does it: the trap is out while the one thread steps.
            Assert.Equal(TargetStatus.Ok, LinuxTarget.Remove(ref program.Target, program.First, BreakpointKind.Software, function, 1));
            StopEvent step = program.Step(stop.Thread);
            Assert.Equal(SignalNumber.Trap, step.Signal);
            Assert.Equal(TargetStatus.Ok, LinuxTarget.Insert(ref program.Target, program.First, BreakpointKind.Software, function, 1, default, default, false));
            stop = program.ContinueToStop();
        }

        Assert.Equal(StopKind.ProcessExited, stop.Kind);
    }
}
