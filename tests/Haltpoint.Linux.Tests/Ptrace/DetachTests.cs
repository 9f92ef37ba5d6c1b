using System;
using System.IO;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class DetachTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_left_behind(bool atHit)
    {
        using PipedProgram piped = new(TraceeBuilder.Build("signals"), "spin");
        ulong function = piped.ReadAddress();
        ulong turns = piped.ReadAddress();
        Assert.Equal("ready", piped.ReadLine());
        byte[] before = Text(piped.Id, function);
        string signals = SignalLines(piped.Id);
        using (AttachedProgram program = new(piped))
        {
            program.Insert(BreakpointKind.Software, function);
            program.Insert(BreakpointKind.WriteWatch, turns, 8);
            program.Insert(BreakpointKind.AccessWatch, turns + 64, 24);
            Assert.NotEqual(before, Text(piped.Id, function));
            StopEvent stop = program.ContinueToStop();
            if (atHit)
            {
                while (stop.Reason != StopReason.SoftwareBreakpoint)
                {
                    stop = program.ContinueToStop();
                }

                Assert.Equal(function, program.ProgramCounter(stop.Thread));
            }

            program.Detach();
            Assert.Empty(program.Threads);
        }

        Assert.Equal(before, Text(piped.Id, function));
        Assert.Equal(signals, SignalLines(piped.Id));
        Assert.Equal([0, 0, 0, 0, 0], TestLibc.SeizedDebugRegisters(piped.Id));

        // It runs: another signal arrives.
        Assert.Equal(0, TestLibc.Queue(piped.Id, 10, 9));
        Assert.Equal("10 -1 9", piped.ReadLine());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_signal_on_its_way_arrives_after_the_detach(bool wasTold)
    {
        using PipedProgram piped = new(TraceeBuilder.Build("signals"));
        piped.ReadLine();
        piped.ReadLine();
        Assert.Equal("ready", piped.ReadLine());
        using (AttachedProgram program = new(piped))
        {
            Assert.Equal(0, TestLibc.Queue(piped.Id, 10, 1));
            Assert.Equal(0, TestLibc.Queue(piped.Id, 12, 2));
            if (wasTold)
            {
                Assert.Equal(10, program.ContinueToStop().Signal);
            }

            program.Detach();
        }

        string[] lines = [piped.ReadLine(), piped.ReadLine()];
        Assert.Equal(["10 -1 1", "12 -1 2"], lines.Order());
    }

    [Fact]
    public void Hits_of_other_threads_that_were_not_told_are_undone()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("workers"), "8", "2000");
        ulong function = piped.ReadAddress();
        piped.ReadAddress();
        piped.ReadAddress();
        using (AttachedProgram program = new(piped))
        {
            program.Insert(BreakpointKind.Software, function);
            piped.GoOn();
            Assert.Equal(StopReason.SoftwareBreakpoint, program.ContinueToStop().Reason);
            program.Detach();
        }

        Assert.Equal("16000", piped.ReadLine());
        Assert.Equal(0, piped.WaitForExit());
    }

    [Fact]
    public void A_thread_detached_while_it_runs_has_not_lost_a_trap()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("workers"), "4", "200000");
        ulong function = piped.ReadAddress();
        ulong counter = piped.ReadAddress();
        piped.ReadAddress();
        using (AttachedProgram program = new(piped))
        {
            program.Insert(BreakpointKind.Software, function, 1, AgentCode.False);
            program.Insert(BreakpointKind.WriteWatch, counter + 4, 4);
            piped.GoOn();
            program.ResumeAll();
            for (int i = 0; i < 50; i++)
            {
                program.Session.Wait(-1, false);
            }

            program.Detach();
        }

        Assert.Equal("800000", piped.ReadLine());
        Assert.Equal(0, piped.WaitForExit());
    }

    [Theory]
    [InlineData(ResumeKind.Step)]
    [InlineData(ResumeKind.StepRange)]
    public void A_thread_let_go_while_it_steps_over_a_call_that_waits_finds_no_trap_behind_it(ResumeKind kind)
    {
        using PipedProgram piped = new(TraceeBuilder.Build("signals"));
        piped.ReadLine();
        piped.ReadLine();
        Assert.Equal("ready", piped.ReadLine());
        WaitUntilAsleep(piped.Id);
        using (AttachedProgram program = new(piped))
        {
            ResumeAction step = new() { Threads = program.First, Kind = kind, End = 1 };
            program.Resume(step);
            while (!IsAsleep(piped.Id))
            {
                // The first step may only begin the call anew.
                program.Session.Wait(-1, block: false);
                if (LinuxTarget.TryTakeStop(ref program.Target, out _))
                {
                    program.Resume(step);
                }
            }

            program.Detach();
        }

        piped.GoOn();
        Assert.Equal(0, piped.WaitForExit());
    }

    [Fact]
    public void A_killed_program_is_gone_with_all_its_threads()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("many"), "50", "sleep");
        piped.ReadLine();
        piped.ReadLine();
        using AttachedProgram program = new(piped);
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Kill(ref program.Target, piped.Id));
        Assert.False(Directory.Exists($"/proc/{piped.Id}"));
        Assert.Empty(program.Threads);
    }

    private static void WaitUntilAsleep(int process)
    {
        while (!IsAsleep(process))
        {
            System.Threading.Thread.Yield();
        }
    }

    private static bool IsAsleep(int process) =>
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("State:", StringComparison.Ordinal)).Contains("S (sleeping)", StringComparison.Ordinal);

    private static byte[] Text(int process, ulong address)
    {
        using FileStream memory = new($"/proc/{process}/mem", FileMode.Open, FileAccess.Read);
        byte[] page = new byte[4096];
        memory.Seek((long)(address & ~0xFFFul), SeekOrigin.Begin);
        memory.ReadExactly(page);
        return page;
    }

    private static string SignalLines(int process) =>
        string.Join('\n', File.ReadLines($"/proc/{process}/status").Where(line => (line.StartsWith("Sig", StringComparison.Ordinal) && !line.StartsWith("SigQ", StringComparison.Ordinal)) || line.StartsWith("ShdPnd", StringComparison.Ordinal)));
}
