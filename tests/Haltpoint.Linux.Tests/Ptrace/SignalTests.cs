using System.Linq;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class SignalTests
{
    private const int User1 = 10;
    private const int User2 = 12;
    private const int RealTime = 35;

    [Fact]
    public void A_signal_stops_and_is_delivered_as_its_sender_made_it()
    {
        using TracedProgram program = Started();
        Assert.Equal(0, TestLibc.Queue(program.Id, User1, 77));
        StopEvent stop = program.WaitForStop();
        Assert.Equal((StopKind.Signal, User1), (stop.Kind, stop.Signal));
        program.ResumeAll(User1);
        Assert.Equal("10 -1 77", program.NextLine());
    }

    [Fact]
    public void A_signal_that_the_debugger_keeps_never_arrives()
    {
        using TracedProgram program = Started();
        Assert.Equal(0, TestLibc.Queue(program.Id, User1, 1));
        Assert.Equal(User1, program.WaitForStop().Signal);
        program.ResumeAll();
        Assert.Equal(0, TestLibc.Queue(program.Id, User2, 2));
        Assert.Equal(User2, program.WaitForStop().Signal);
        program.ResumeAll(User2);
        Assert.Equal("12 -1 2", program.NextLine());
    }

    [Fact]
    public void A_passed_signal_makes_no_stop()
    {
        using TracedProgram program = Started();
        program.Interrupt();
        LinuxTarget.SetPassedSignals(ref program.Target, [1ul << User1]);
        program.ResumeAll();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(0, TestLibc.Queue(program.Id, User1, i));
            Assert.Equal($"10 -1 {i}", program.NextLine());
        }
    }

    [Fact]
    public void Signals_that_come_during_a_stop_are_told_in_order_and_once()
    {
        using TracedProgram program = Started();
        program.Interrupt();
        Assert.Equal(0, TestLibc.Queue(program.Id, RealTime, 1));
        Assert.Equal(0, TestLibc.Queue(program.Id, RealTime, 2));
        Assert.Equal(0, TestLibc.Queue(program.Id, RealTime, 3));
        Assert.Equal(RealTime, program.ContinueToStop().Signal);
        Assert.Equal(RealTime, program.ContinueToStop(RealTime).Signal);
        Assert.Equal(RealTime, program.ContinueToStop(RealTime).Signal);
        program.ResumeAll(RealTime);
        Assert.Equal(["35 -1 1", "35 -1 2", "35 -1 3"], Enumerable.Range(0, 3).Select(_ => program.NextLine()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_signal_given_at_a_quiet_stop_reaches_the_program_unseen(bool steps)
    {
        using TracedProgram program = steps ? Started("spin") : Started();
        program.Interrupt();
        if (steps)
        {
            StopEvent step = program.Step(program.First, User1);
            Assert.Equal(SignalNumber.Trap, step.Signal);
            program.ResumeAll();
        }
        else
        {
            program.ResumeAll(User1);
        }

        Assert.StartsWith("10 -6 ", program.NextLine());
    }

    [Fact]
    public void Another_signal_can_take_the_place_of_the_one_that_stopped()
    {
        using TracedProgram program = Started();
        Assert.Equal(0, TestLibc.Queue(program.Id, User1, 5));
        Assert.Equal(User1, program.WaitForStop().Signal);
        program.ResumeAll(User2);
        Assert.StartsWith("12 0 ", program.NextLine());
    }

    [Fact]
    public void A_signal_that_no_kernel_knows_is_not_delivered()
    {
        using TracedProgram program = Started();
        program.Interrupt();
        program.ResumeAll(100);
        Assert.Equal(0, TestLibc.Queue(program.Id, User1, 5));
        Assert.Equal(User1, program.WaitForStop().Signal);
    }

    [Fact]
    public void A_deadly_signal_ends_the_program_and_is_told()
    {
        using TracedProgram program = Started();
        program.Interrupt();
        StopEvent stop = program.ContinueToStop(11);
        Assert.Equal((StopKind.ProcessKilled, 11), (stop.Kind, stop.Signal));
    }

    [Fact]
    public void A_program_killed_while_it_is_stopped_is_told_at_the_next_resume()
    {
        using TracedProgram program = Started();
        program.Interrupt();
        Assert.Equal(0, TestLibc.Kill(program.Id, SignalNumber.Kill));
        StopEvent stop = program.ContinueToStop();
        Assert.Equal((StopKind.ProcessKilled, SignalNumber.Kill), (stop.Kind, stop.Signal));
        Assert.Empty(program.Threads);
    }

    private static TracedProgram Started(params string[] arguments)
    {
        TracedProgram program = new("signals", arguments);
        program.RunToLine();
        program.NextLine();
        Assert.Equal("ready", program.NextLine());
        return program;
    }
}
