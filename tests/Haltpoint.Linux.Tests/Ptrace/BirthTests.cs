using System;
using System.IO;
using System.Linq;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class BirthTests
{
    [Theory]
    [InlineData("f", "forked 7")]
    [InlineData("v", "vforked 9")]
    public void A_child_that_nobody_asked_for_finds_no_trap(string letter, string line)
    {
        using TracedProgram program = Started(out ulong inChild);
        program.Insert(BreakpointKind.Software, inChild);
        program.Send(letter);
        Assert.Equal(line, program.RunToLine());
        program.Interrupt();
        Assert.Equal(TrapState.Planted, program.Session.Processes[0].Space.StateAt(inChild));
        Assert.Equal(0xCC, RawByte(program, inChild));
    }

    [Theory]
    [InlineData("f", StopKind.Forked, "forked 7")]
    [InlineData("v", StopKind.Vforked, "vforked 9")]
    public void A_fork_is_told_and_its_child_detached(string letter, StopKind kind, string line)
    {
        using TracedProgram program = Started(out ulong inChild);
        LinuxTarget.SetForkEvents(ref program.Target, true, true);
        program.Insert(BreakpointKind.Software, inChild);
        program.Send(letter);
        StopEvent stop = program.ContinueToStop();
        Assert.Equal((kind, program.Id), (stop.Kind, stop.Thread.Process));
        Assert.Equal([program.Id, stop.Child.Process], program.Threads.Select(t => t.Process));
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Detach(ref program.Target, stop.Child.Process));
        if (kind == StopKind.Vforked)
        {
            Assert.Equal(StopKind.VforkDone, program.ContinueToStop().Kind);
        }

        Assert.Equal(line, program.RunToLine());
        program.Interrupt();
        Assert.Equal(0xCC, RawByte(program, inChild));
    }

    [Fact]
    public void A_forked_child_has_the_breakpoints_and_watchpoints_of_its_parent()
    {
        using TracedProgram program = Started(out ulong inChild);
        LinuxTarget.SetForkEvents(ref program.Target, true, true);
        program.Insert(BreakpointKind.Software, inChild);
        program.Send("f");
        StopEvent fork = program.ContinueToStop();
        StopEvent stop = program.ContinueToStop();
        Assert.Equal((StopReason.SoftwareBreakpoint, fork.Child.Process), (stop.Reason, stop.Thread.Process));
        Assert.Equal(inChild, program.ProgramCounter(stop.Thread));

        // Gone from the child alone.
        LinuxTarget.Remove(ref program.Target, stop.Thread, BreakpointKind.Software, inChild, 1);
        Assert.Equal(0xCC, RawByte(program, inChild));
        StopEvent end = program.ContinueToStop();
        Assert.Equal((StopKind.ProcessExited, 7, fork.Child.Process), (end.Kind, end.Code, end.Thread.Process));
        Assert.Equal("forked 7", program.RunToLine());
    }

    [Fact]
    public void The_parent_can_be_let_go_and_the_child_kept()
    {
        using TracedProgram program = Started(out _);
        LinuxTarget.SetForkEvents(ref program.Target, true, true);
        program.Send("f");
        StopEvent fork = program.ContinueToStop();
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Detach(ref program.Target, program.Id));
        StopEvent end = program.ContinueToStop();
        Assert.Equal((StopKind.ProcessExited, 7, fork.Child.Process), (end.Kind, end.Code, end.Thread.Process));
        Assert.Equal("forked 7", program.NextLine());
        program.Send("x");
        Assert.Equal(3, Tracees.Spawner.WaitForExit(program.Id));
    }

    [Fact]
    public void All_does_not_mean_a_child_that_the_client_has_not_heard_of()
    {
        using TracedProgram program = Started(out _);
        LinuxTarget.SetForkEvents(ref program.Target, true, true);
        LinuxTarget.SetNonStop(ref program.Target, true);
        program.Send("f");
        program.ResumeAll();
        Assert.Equal(WaitResult.Stop, program.Session.Wait(-1, true));
        Assert.Equal(program.First, Assert.Single(program.Threads), Same);
        program.ResumeAll();
        StopEvent fork = program.WaitForStop();
        Assert.Equal(StopKind.Forked, fork.Kind);

        // Told, but what the client sends now may have been sent before it heard.
        program.ResumeAll();
        Assert.True(LinuxTarget.TryGetStop(ref program.Target, fork.Child, out _));
        Assert.True(LinuxTarget.TryGetStop(ref program.Target, fork.Thread, out _));

        // It asks for more: now it knows.
        Assert.False(LinuxTarget.TryTakeStop(ref program.Target, out _));
        program.ResumeAll();
        StopEvent end = program.WaitForStop();
        Assert.Equal((StopKind.ProcessExited, 7, fork.Child.Process), (end.Kind, end.Code, end.Thread.Process));
    }

    [Theory]
    [InlineData("f", "forked 7")]
    [InlineData("v", "vforked 9")]
    public void A_parent_that_is_let_go_takes_along_the_child_that_nobody_was_told_of(string letter, string line)
    {
        using TracedProgram program = Started(out ulong inChild);
        LinuxTarget.SetForkEvents(ref program.Target, true, true);
        program.Insert(BreakpointKind.Software, inChild);
        program.Send(letter);
        program.ResumeAll();
        Assert.Equal(WaitResult.Stop, program.Session.Wait(-1, true));
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Detach(ref program.Target, program.Id));
        Assert.False(program.Session.HasProcesses);
        Assert.Equal(line, program.NextLine());
        program.Send("x");
        Assert.Equal(3, Tracees.Spawner.WaitForExit(program.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_end_of_a_process_that_the_client_is_done_with_is_not_told(bool kills)
    {
        using TracedProgram program = Started(out _);
        program.Send("x");
        program.ResumeAll();
        Assert.Equal(WaitResult.Stop, program.Session.Wait(-1, true));
        Assert.Equal(TargetStatus.Ok,
            kills ? LinuxTarget.Kill(ref program.Target, program.Id) : LinuxTarget.Detach(ref program.Target, program.Id));
        Assert.False(LinuxTarget.TryTakeStop(ref program.Target, out _));
    }

    [Fact]
    public void A_child_whose_parent_was_killed_over_its_birth_is_not_left_stopped()
    {
        using TracedProgram program = Started(out ulong inChild);
        program.Insert(BreakpointKind.Software, inChild);
        program.Send("f");
        program.ResumeAll();

        // Nobody takes in what either of them has to tell: both wait for that.
        int child = 0;
        Await(() => ThreadStat.ReadState(program.Id) == 't'
            && int.TryParse(File.ReadAllText($"/proc/{program.Id}/task/{program.Id}/children"), out child)
            && ThreadStat.ReadState(child) == 't');
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Kill(ref program.Target, program.Id));
        Await(() => ThreadStat.ReadState(child) is '\0' or 'Z');
    }

    [Theory]
    [InlineData("e", false)]
    [InlineData("t", false)]
    [InlineData("e", true)]
    [InlineData("t", true)]
    [InlineData("pppt", true)]
    [InlineData("lt", true)]
    [InlineData("le", true)]
    public void Exec_leaves_one_thread_with_the_first_ones_id_and_nothing_of_ours(string letters, bool isTold)
    {
        using TracedProgram program = Started(out ulong inChild);
        LinuxTarget.SetExecEvents(ref program.Target, isTold);
        program.Insert(BreakpointKind.Software, inChild);
        program.Insert(BreakpointKind.WriteWatch, inChild & ~7ul, 8);
        program.Send(letters);
        StopEvent stop = program.ContinueToStop();
        Assert.Equal((isTold ? StopKind.Executed : StopKind.Signal, SignalNumber.Trap), (stop.Kind, stop.Signal));
        Assert.Equal(program.First, Assert.Single(program.Threads), Same);
        Assert.Equal(0, program.Session.Processes[0].Hardware.RequestCount);
        Span<byte> path = stackalloc byte[1024];
        Assert.EndsWith("/births", Encoding.UTF8.GetString(path[..LinuxTarget.ReadExecPath(ref program.Target, stop.Thread, path)]));
        program.RunToLine();
        for (string line = program.NextLine(); line != "ready"; line = program.NextLine())
        {
            // What the letters before it had to say.
        }

        program.Send("x");
        StopEvent end = program.WaitForStop();
        Assert.Equal((StopKind.ProcessExited, 3), (end.Kind, end.Code));
    }

    [Fact]
    public void A_first_thread_that_ended_is_gone_and_its_process_is_not()
    {
        using TracedProgram program = Started(out ulong inChild);
        program.Send("lp");
        Assert.Equal("leaving", program.RunToLine());
        Assert.Equal("started", program.NextLine());
        program.Interrupt();
        Assert.Equal(2, program.Threads.Count);
        Assert.DoesNotContain(program.First, program.Threads, Same);
        program.Insert(BreakpointKind.Software, inChild);
        program.Remove(BreakpointKind.Software, inChild);
        program.Send("x");
        program.ContinueToExit(3);
    }

    [Fact]
    public void The_end_of_one_thread_and_the_start_of_another_are_told_where_asked_for()
    {
        using TracedProgram program = Started(out _);
        LinuxTarget.SetThreadEvents(ref program.Target, true);
        program.Send("l");
        StopEvent created = program.ContinueToStop();
        Assert.Equal(StopKind.ThreadCreated, created.Kind);
        Assert.NotEqual(program.Id, created.Thread.Thread);
        program.Send("x");
        StopEvent ended = program.ContinueToStop();
        Assert.Equal((StopKind.ThreadExited, created.Thread.Thread), (ended.Kind, ended.Thread.Thread));
        program.ContinueToExit(3);
    }

    [Fact]
    public void The_threads_that_are_left_when_the_resumed_one_ends_are_reported_as_such()
    {
        using TracedProgram program = Started(out _);
        LinuxTarget.SetNoResumedEvents(ref program.Target, true);
        program.Send("p");
        Assert.Equal("started", program.RunToLine());
        program.Interrupt();
        ThreadId other = program.Threads.Single(thread => thread.Thread != program.Id);
        Assert.Equal(0, Tracees.TestLibc.Kill(program.Id, 0));

        // The thread that executes "l" is the first one; the new one it starts is resumed with it.
        program.Send("l");
        program.Resume(new ResumeAction { Threads = program.First });
        Assert.Equal("leaving", program.NextLine());
        program.Interrupt();
        Assert.Contains(other, program.Threads, Same);
    }

    /// <summary>The kernel tells no end of a first thread while others are left, so nothing would ever come.</summary>
    [Fact]
    public void A_first_thread_that_ends_alone_leaves_nothing_resumed()
    {
        using PipedProgram program = new(TraceeBuilder.Build("chain"), "leader");
        Assert.Equal("ready", program.ReadLine());
        using AttachedProgram session = new(program);
        LinuxTarget.SetNoResumedEvents(ref session.Target, true);
        program.GoOn();
        session.Resume(new ResumeAction { Threads = session.First });
        Assert.Equal(StopKind.NoResumed, session.WaitForStop().Kind);
        ThreadId other = Assert.Single(session.Threads);
        Assert.NotEqual(program.Id, other.Thread);
        program.GoOn();
        session.ContinueToExit(5);
    }

    /// <summary>One that is missed runs into the breakpoint without us, which ends the process.</summary>
    [Fact]
    public void Threads_that_start_another_and_end_are_all_held_by_an_attach()
    {
        using PipedProgram program = new(TraceeBuilder.Build("chain"), "chains");
        ulong link = program.ReadAddress();
        for (int i = 0; i < 200; i++)
        {
            using AttachedProgram session = new(program);
            session.Insert(BreakpointKind.Software, link);
            for (int hits = 0; hits < 3; hits++)
            {
                StopEvent stop = session.ContinueToStop();
                Assert.True(stop.Reason == StopReason.SoftwareBreakpoint, $"round {i}, hit {hits}: {stop.Kind} {stop.Signal} {stop.Reason} {stop.Thread.Thread} of {program.Id}");
            }

            session.Detach();
        }

        program.GoOn();
        Assert.Equal("over", program.ReadLine());
    }

    [Theory]
    [InlineData("x", StopKind.ProcessExited, 3, 0)]
    [InlineData("ppx", StopKind.ProcessExited, 3, 0)]
    [InlineData("lpx", StopKind.ProcessExited, 3, 0)]
    [InlineData("k", StopKind.ProcessKilled, 0, SignalNumber.Kill)]
    [InlineData("pplk", StopKind.ProcessKilled, 0, SignalNumber.Kill)]
    public void The_end_of_a_process_is_told_once_whoever_ended_it(string letters, StopKind kind, int code, int signal)
    {
        using TracedProgram program = Started(out _);
        program.Send(letters);
        StopEvent stop = program.ContinueToStop();
        Assert.Equal((kind, code, signal), (stop.Kind, stop.Kind == StopKind.ProcessExited ? stop.Code : 0, stop.Signal));
        Assert.Empty(program.Threads);
        Assert.False(LinuxTarget.TryTakeStop(ref program.Target, out _));
    }

    private static readonly System.Collections.Generic.IEqualityComparer<ThreadId> Same =
        System.Collections.Generic.EqualityComparer<ThreadId>.Create((a, b) => a.Is(b), thread => thread.Thread);

    private static TracedProgram Started(out ulong inChild)
    {
        TracedProgram program = new("births");
        LinuxTarget.SetPassedSignals(ref program.Target, [1ul << SignalNumber.Child]);
        inChild = program.RunToAddress();
        Assert.Equal("ready", program.NextLine());
        program.Interrupt();
        return program;
    }

    private static void Await(Func<bool> isSo)
    {
        for (int looks = 0; !isSo(); looks++)
        {
            Assert.True(looks < 200_000);
            System.Threading.Thread.Yield();
        }
    }

    private static int RawByte(TracedProgram program, ulong address)
    {
        byte[] one = new byte[1];
        Assert.Equal(1, program.Session.FindProcess(program.Id)!.Space.Memory.Read(address, one));
        return one[0];
    }
}
