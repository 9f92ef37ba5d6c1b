using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class NonStopTests
{
    [Fact]
    public void A_stop_of_one_thread_leaves_the_others_running()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("workers"), "4", "3");
        ulong function = piped.ReadAddress();
        ulong counter = piped.ReadAddress();
        piped.ReadAddress();
        using AttachedProgram program = new(piped, nonStop: true);
        program.Insert(BreakpointKind.Software, function);
        piped.GoOn();
        List<StopEvent> stops = [program.WaitForStop(), program.WaitForStop(), program.WaitForStop(), program.WaitForStop()];
        Assert.Equal(4, stops.Select(stop => stop.Thread.Thread).Distinct().Count());
        Assert.All(stops, stop => Assert.Equal(StopReason.SoftwareBreakpoint, stop.Reason));
        Assert.Equal(0ul, program.ReadWord(counter));
        Assert.False(LinuxTarget.TryGetStop(ref program.Target, program.First, out _));
        program.Remove(BreakpointKind.Software, function);

        // One of them alone goes on to its end.
        program.Resume(new ResumeAction { Threads = stops[0].Thread });
        while (LinuxTarget.IsAlive(ref program.Target, stops[0].Thread))
        {
            program.Session.Wait(-1, false);
        }

        Assert.Equal(3ul, program.ReadWord(counter));
        Assert.False(LinuxTarget.TryTakeStop(ref program.Target, out _));
        program.ResumeAll();
        Assert.Equal(StopKind.ProcessExited, program.WaitForStop().Kind);
        Assert.Equal("12", piped.ReadLine());
    }

    [Fact]
    public void A_thread_is_stopped_quietly_by_request()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("many"), "3", "sleep");
        piped.ReadLine();
        piped.ReadLine();
        using AttachedProgram program = new(piped, nonStop: true);
        program.Resume(new ResumeAction { Threads = program.First, Kind = ResumeKind.Stop });
        StopEvent stop = program.WaitForStop();
        Assert.Equal((StopKind.Signal, 0, piped.Id), (stop.Kind, stop.Signal, stop.Thread.Thread));
        program.Resume(new ResumeAction { Threads = ThreadId.Everything, Kind = ResumeKind.Stop });
        int[] others = [.. Enumerable.Range(0, 3).Select(_ => program.WaitForStop().Thread.Thread)];
        Assert.Equal(3, others.Distinct().Count());
        Assert.DoesNotContain(piped.Id, others);
    }

    [Fact]
    public void A_watchpoint_is_armed_while_threads_run()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("signals"), "spin");
        piped.ReadAddress();
        ulong turns = piped.ReadAddress();
        piped.ReadLine();
        using AttachedProgram program = new(piped, nonStop: true);
        program.Insert(BreakpointKind.WriteWatch, turns, 8);
        Assert.Equal((StopReason.WriteWatchpoint, turns), (program.WaitForStop() is var stop ? stop.Reason : default, stop.Address));
        program.Remove(BreakpointKind.WriteWatch, turns, 8);
        program.ResumeAll();
        Assert.Equal(WaitResult.None, program.Session.Wait(-1, false));
    }
}
