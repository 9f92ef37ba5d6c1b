using System.Globalization;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class FirstStepsTests
{
    [Fact]
    public void A_program_runs_to_its_end()
    {
        using TracedProgram program = new("workers", "1", "10");
        program.RunToAddress();
        program.Interrupt();
        program.GoOn();
        program.ContinueToExit();
        Assert.Empty(program.Threads);
    }

    [Fact]
    public void A_step_executes_one_instruction()
    {
        using TracedProgram program = new("workers", "1", "10");
        ulong function = program.RunToAddress();
        program.Interrupt();
        program.Insert(BreakpointKind.Software, function);
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        Assert.Equal(function, program.ProgramCounter(stop.Thread));
        program.Remove(BreakpointKind.Software, function);
        StopEvent step = program.Step(stop.Thread);
        Assert.Equal((SignalNumber.Trap, StopReason.None), (step.Signal, step.Reason));
        Assert.InRange(program.ProgramCounter(stop.Thread) - function, 1ul, 15ul);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(8, 100)]
    public void Every_write_of_every_thread_is_caught(int threads, int count)
    {
        using TracedProgram program = new("workers", Text(threads), Text(count));
        program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        program.Insert(BreakpointKind.WriteWatch, counter, 8);
        program.GoOn();
        for (int i = 1; i <= threads * count; i++)
        {
            StopEvent stop = program.ContinueToStop();
            Assert.Equal((StopReason.WriteWatchpoint, counter), (stop.Reason, stop.Address));

            // Another thread's write may be done already and wait to be told.
            Assert.InRange(program.ReadWord(counter), (ulong)i, (ulong)(i + threads - 1));
        }

        program.ContinueToExit();
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(8, 100)]
    public void Every_thread_hits_a_breakpoint_each_time(int threads, int count)
    {
        using TracedProgram program = new("workers", Text(threads), Text(count));
        ulong function = program.RunToAddress();
        program.Interrupt();
        ulong counter = program.NextAddress();
        program.Insert(BreakpointKind.Software, function);
        program.GoOn();
        StopEvent stop = program.ContinueToStop();
        for (int i = 0; i < threads * count; i++)
        {
            Assert.Equal(StopReason.SoftwareBreakpoint, stop.Reason);
            Assert.Equal((ulong)i, program.ReadWord(counter));

            // As gdb does it: the trap is out while the one thread steps.
            program.Remove(BreakpointKind.Software, function);
            Assert.Equal(SignalNumber.Trap, program.Step(stop.Thread).Signal);
            program.Insert(BreakpointKind.Software, function);
            stop = program.ContinueToStop();
        }

        Assert.Equal(StopKind.ProcessExited, stop.Kind);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
