using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class BulkTests
{
    [Theory]
    [InlineData(1000, "sleep")]
    [InlineData(200, "spin")]
    public void Many_threads_attach_stop_list_and_resume(int count, string how)
    {
        using PipedProgram piped = new(TraceeBuilder.Build("many"), count.ToString(), how);
        ulong watched = piped.ReadAddress();
        Assert.Equal("ready", piped.ReadLine());
        using (AttachedProgram program = new(piped))
        {
            Assert.Equal(count + 1, program.Threads.Count);
            Assert.All(program.Threads, thread => Assert.NotEqual(0ul, program.ProgramCounter(thread)));
            for (int round = 0; round < 3; round++)
            {
                program.Insert(BreakpointKind.WriteWatch, watched, 8);
                program.ResumeAll();
                program.Interrupt();
                program.Remove(BreakpointKind.WriteWatch, watched, 8);
            }

            program.Detach();
        }

        piped.GoOn();
        Assert.Equal(0, piped.WaitForExit());
    }

    [Theory]
    [InlineData("threads", 500, 2000)]
    [InlineData("forks", 100, 400)]
    [InlineData("execs", 100, 100)]
    public void A_storm_of_births_passes_unharmed(string what, int count, int ended)
    {
        using TracedProgram program = new("storm", what, count.ToString());
        LinuxTarget.SetPassedSignals(ref program.Target, [1ul << SignalNumber.Child]);
        Assert.Equal("ready", program.RunToLine());
        program.GoOn();
        StopEvent stop = program.WaitForStop();
        for (int execs = what == "execs" ? count : 0; execs > 0; execs--)
        {
            // A client that did not ask for exec events gets a SIGTRAP, as from gdbserver.
            Assert.Equal((StopKind.Signal, SignalNumber.Trap), (stop.Kind, stop.Signal));
            Assert.Single(program.Threads);
            stop = program.ContinueToStop();
        }

        Assert.Equal((StopKind.ProcessExited, 0), (stop.Kind, stop.Code));
        Assert.Equal(ended.ToString(), program.NextLine());
    }

    [Theory]
    [InlineData("threads", 50, 200)]
    [InlineData("forks", 20, 80)]
    [InlineData("execs", 30, 30)]
    public void A_storm_is_stopped_and_resumed_at_any_moment(string what, int count, int ended)
    {
        using TracedProgram program = new("storm", what, count.ToString());
        Assert.Equal("ready", program.RunToLine());
        program.GoOn();
        int stops = 0;
        StopEvent stop;
        do
        {
            LinuxTarget.Interrupt(ref program.Target);
            stop = program.WaitForStop();
            stops++;
            if (stop.Kind == StopKind.Signal)
            {
                Assert.All(program.Threads, thread => Assert.NotNull(program.Session.Find(thread)));
                program.ResumeAll();
            }
        }
        while (stop.Kind == StopKind.Signal);

        Assert.Equal((StopKind.ProcessExited, 0), (stop.Kind, stop.Code));
        Assert.True(stops > 2);
        Assert.Equal(ended.ToString(), program.NextLine());
    }
}
