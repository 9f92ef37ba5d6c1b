using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps;

/// <summary>Calls that are made with all other threads held, and wait for one of those (tests/Tracees/calls_opened.c).</summary>
[Collection("ptrace")]
public class WaitingCallTests
{
    private const int Stores = 50;
    private const ulong PageLength = 4096;
    private const ulong Stored = PageLength + 2048;
    private const int ReceiveMessage = 70;
    private const int ResultRegister = 0;

    // SIGINT and SIGTRAP are the test's and the debugger's own.
    private const ulong Passed = ~((1ul << 2) | (1ul << 5));

    private readonly object _nobody = new();

    [Theory]
    [InlineData("messages", true)]
    [InlineData("messages", false)]
    [InlineData("many", true)]
    [InlineData("interrupted", true)]
    [InlineData("readiness", false)]
    [InlineData("timeouts", false)]
    [InlineData("locks", false)]
    public void A_call_that_waits_for_a_thread_that_is_held_comes_to_its_end(string section, bool hasRoom)
    {
        List<string> alone = Run(section, watched: false, hasRoom, out _, out _);
        List<string> lines = Run(section, watched: true, hasRoom, out RecordingSink sink, out ulong region);
        Assert.Equal(alone, lines);
        Assert.Equal(Enumerable.Range(1, Stores).Select(i => (ulong)i), sink.Entries.Where(e => e.Address == region + Stored).Select(e => e.After));
        if (section == "messages")
        {
            RecordingSink.Entry told = Assert.Single(sink.Entries, e => e.SystemCall == ReceiveMessage);
            Assert.Equal((region + PageLength - 16, 48, AccessKind.Write), (told.Address, told.Length, told.Kind));
        }
    }

    [Fact]
    public void The_debugger_is_answered_while_a_call_waits()
    {
        using TracedProgram program = Start("told", watched: true, hasRoom: true, out _, out _);
        program.GoOn();
        program.ResumeAll();
        Assert.Equal("waits", program.NextLine());
        for (int i = 0; i < 3; i++)
        {
            program.Interrupt();
            program.ResumeAll();
        }

        program.GoOn();
        Assert.Equal(["end", "received: 40", "sent: 0"], new[] { program.NextLine(), program.NextLine(), program.NextLine() }.Order());
        program.GoOn();
        program.WaitForExit();
    }

    [Fact]
    public void A_step_over_a_call_that_waits_ends_behind_it()
    {
        using TracedProgram program = Start("told", watched: true, hasRoom: true, out _, out _);
        program.GoOn();
        program.ResumeAll();
        Assert.Equal("waits", program.NextLine());
        program.Interrupt();
        ThreadId receiver = program.Threads.Single(t => !t.Is(program.First));
        program.Resume(new ResumeAction { Threads = receiver, Kind = ResumeKind.Step }, new ResumeAction { Threads = ThreadId.Everything });
        program.GoOn();
        StopEvent stop = program.WaitForStop();
        Assert.Equal((receiver, SignalNumber.Trap), (stop.Thread, stop.Signal));
        Assert.Equal(40ul, program.ReadRegister(receiver, ResultRegister));
    }

    [Fact]
    public void A_program_whose_call_waits_is_let_go_whole()
    {
        using TracedProgram program = Start("told", watched: true, hasRoom: true, out _, out _);
        program.GoOn();
        program.ResumeAll();
        Assert.Equal("waits", program.NextLine());
        Assert.Equal(TargetStatus.Ok, program.Session.Detach(program.Id));
        program.GoOn();
        Assert.Equal(["end", "received: 40", "sent: 0"], new[] { program.NextLine(), program.NextLine(), program.NextLine() }.Order());
        program.GoOn();
        Assert.Equal(program.Id, TestLibc.Wait(program.Id, out int status, 0));
        Assert.Equal(0, status);
    }

    [Fact]
    public void In_non_stop_mode_a_thread_whose_call_waits_is_stopped_and_goes_on()
    {
        using TracedProgram program = Start("told", watched: true, hasRoom: true, out _, out _);
        program.GoOn();
        Assert.Equal(TargetStatus.Ok, LinuxTarget.SetNonStop(ref program.Target, true));
        program.ResumeAll();
        Assert.Equal("waits", program.NextLine());
        ThreadId receiver = program.Threads.Single(t => !t.Is(program.First));
        for (int i = 0; i < 3; i++)
        {
            program.Resume(new ResumeAction { Threads = receiver, Kind = ResumeKind.Stop });
            StopEvent stop = program.WaitForStop();
            Assert.Equal((receiver, StopKind.Signal, 0), (stop.Thread, stop.Kind, stop.Signal));
            program.Resume(new ResumeAction { Threads = receiver });
        }

        program.GoOn();
        Assert.Equal(["end", "received: 40", "sent: 0"], new[] { program.NextLine(), program.NextLine(), program.NextLine() }.Order());
        program.GoOn();
        program.WaitForExit();
    }

    private List<string> Run(string section, bool watched, bool hasRoom, out RecordingSink sink, out ulong region)
    {
        using TracedProgram program = Start(section, watched, hasRoom, out sink, out region);
        program.GoOn();
        program.ResumeAll();
        List<string> lines = [];
        for (string line = program.NextLine(); line != "end"; line = program.NextLine())
        {
            lines.Add(line);
        }

        program.GoOn();
        program.WaitForExit();

        // Two threads write them.
        lines.Sort();
        return lines;
    }

    /// <param name="section">Of the program.</param>
    /// <param name="watched">Whether pages are trapped.</param>
    /// <param name="hasRoom">False when no call can be given a copy of a structure.</param>
    /// <param name="sink">Hears of the accesses.</param>
    /// <param name="region">The address of what is watched in parts.</param>
    private TracedProgram Start(string section, bool watched, bool hasRoom, out RecordingSink sink, out ulong region)
    {
        TracedProgram program = new("calls_opened", section);
        region = program.RunToAddress();
        program.Interrupt();
        LinuxTarget.SetPassedSignals(ref program.Target, [Passed, ulong.MaxValue, ulong.MaxValue]);
        sink = new RecordingSink();
        if (watched)
        {
            TargetStatus status = program.Session.AddProbe(program.Id, region + PageLength, 2 * PageLength, AccessKind.ReadWrite, sink, false, out _);
            Assert.True(status == TargetStatus.Ok, program.Session.LastError);
        }

        if (watched && !hasRoom)
        {
            ScratchData room = program.Session.FindProcess(program.Id)!.Space.PageTraps!.Data;
            Assert.True(room.TryTake(TrappedSpace.DataLength - ScratchData.First, _nobody, out _));
        }

        return program;
    }
}
