using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
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

/// <summary>What a program does at SIGSEGV and SIGTRAP is its own, while its pages are watched and afterwards.</summary>
[Collection("ptrace")]
public class SignalActionTests
{
    private const ulong Both = (1ul << (SignalNumber.Segment - 1)) | (1ul << (SignalNumber.Trap - 1));

    [Theory]
    [InlineData("blocked")]
    [InlineData("ignored")]
    [InlineData("changed")]
    [InlineData("children")]
    [InlineData("execute")]
    [InlineData("traps")]
    public void Handlers_and_masks_are_what_they_are_without_a_watch(string section)
    {
        List<string> alone = SectionRun.Lines("signal_actions", section, watched: false, out _, out _);
        List<string> lines = SectionRun.Lines("signal_actions", section, watched: true, out RecordingSink sink, out _);
        Assert.Equal(alone, lines);
        Assert.NotEmpty(sink.Entries);
    }

    [Fact]
    public void Without_a_watch_the_kernel_has_the_actions_of_the_program()
    {
        using PipedProgram piped = PipedProgram.OnStandardStreams(TraceeBuilder.Build("restless"));
        ulong pages = piped.ReadAddress();
        string before = Signals(piped.Id);
        using AttachedProgram program = new(piped);
        Assert.Equal(before, Signals(piped.Id));
        Assert.Equal(TargetStatus.Ok, program.Session.AddProbe(piped.Id, pages, 4096, AccessKind.Write, new RecordingSink(), false, out PageProbe? probe));
        program.ResumeAll();
        program.Interrupt();
        Assert.Equal(TargetStatus.Ok, program.Session.RemoveProbe(probe!));
        Assert.Equal(before, Signals(piped.Id));
        Assert.Equal(TargetStatus.Ok, program.Session.AddProbe(piped.Id, pages, 8192, AccessKind.Write, new RecordingSink(), false, out _));
        program.ResumeAll();
        program.Interrupt();
        program.Detach();
        Assert.Equal(before, Signals(piped.Id));
        piped.GoOn();
        Assert.StartsWith("ok ", piped.ReadLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_ignored_is_ignored_still_when_a_watch_comes_and_goes_at_the_end_of_a_step()
    {
        using TracedProgram program = new("signal_actions", "stepped");
        ulong region = program.RunToAddress();
        program.GoOn();
        Assert.Equal("set", program.NextLine());
        program.Interrupt();
        string before = Signals(program.Id);
        Assert.Equal(TargetStatus.Ok, program.Session.AddProbe(program.Id, region + 4096, 4096, AccessKind.Write, new RecordingSink(), false, out PageProbe? probe));
        Assert.Equal(Both, Caught(program.Id) & Both);
        program.GoOn();
        Assert.Equal(SignalNumber.Trap, program.Step(program.First).Signal);
        Assert.Equal(SignalNumber.Trap, program.Step(program.First).Signal);
        Assert.Equal(TargetStatus.Ok, program.Session.RemoveProbe(probe!));
        Assert.Equal(before, Signals(program.Id));
        Assert.StartsWith("behind it: 0: ignored", program.RunToLine(), StringComparison.Ordinal);
        Assert.StartsWith("behind it: 0: ignored", program.NextLine(), StringComparison.Ordinal);
        Assert.Equal("end", program.NextLine());
        program.GoOn();
        program.WaitForExit();
    }

    private static string Signals(int process) =>
        string.Join('\n', File.ReadLines($"/proc/{process}/status").Where(l => l.StartsWith("SigCgt", StringComparison.Ordinal) || l.StartsWith("SigIgn", StringComparison.Ordinal)));

    private static ulong Caught(int process) =>
        ulong.Parse(File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("SigCgt", StringComparison.Ordinal)).AsSpan(8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
