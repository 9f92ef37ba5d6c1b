using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps;

/// <summary>Runs a section of a program of calls.h, with or without its pages watched.</summary>
internal static class SectionRun
{
    private const long PageLength = 4096;

    // SIGINT and SIGTRAP are the test's and the debugger's own.
    private const ulong Passed = ~((1ul << 2) | (1ul << 5));

    /// <summary>The bytes of the region that are watched.</summary>
    public static readonly (long Start, long End)[] Watched = [(PageLength, 3 * PageLength), (4 * PageLength, 5 * PageLength)];

    /// <summary>What it writes before its end.</summary>
    public static List<string> Lines(string name, string section, bool watched, out RecordingSink sink, out ulong region)
    {
        using TracedProgram program = new(name, section);
        region = program.RunToAddress();
        program.Interrupt();
        LinuxTarget.SetPassedSignals(ref program.Target, [Passed, ulong.MaxValue, ulong.MaxValue]);
        sink = new RecordingSink();
        foreach ((long start, long end) in watched ? Watched : [])
        {
            TargetStatus status = program.Session.AddProbe(
                program.Id, region + (ulong)start, (ulong)(end - start), AccessKind.ReadWrite, sink, true, out _);
            Assert.True(status == TargetStatus.Ok, program.Session.LastError);
        }

        program.GoOn();
        program.ResumeAll();
        List<string> lines = [];
        for (string line = program.NextLine(); line != "end"; line = program.NextLine())
        {
            lines.Add(line);
            if (line == "trap")
            {
                program.GoOn();

                // The program's own, which it is to get.
                Assert.Equal(SignalNumber.Trap, program.WaitForStop().Signal);
                program.ResumeAll(SignalNumber.Trap);
            }
            else if (line == "now")
            {
                program.GoOn();

                // Without exec events the debugger is told of the new program by a SIGTRAP.
                Assert.Equal(SignalNumber.Trap, program.WaitForStop().Signal);
                program.ResumeAll();
            }
        }

        program.GoOn();
        program.WaitForExit();
        return lines;
    }
}
