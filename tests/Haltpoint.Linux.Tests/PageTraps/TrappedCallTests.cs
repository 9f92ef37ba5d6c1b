using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps;

[Collection("ptrace")]
public class TrappedCallTests
{
    private const ulong PageLength = 4096;

    private static readonly string[] s_calls =
        ["pipe", "crossing", "vector", "message", "time", "paths", "poll", "futex", "signal", "sleep", "fork", "protect", "resident", "again"];

    [Fact]
    public void Calls_that_touch_a_trapped_page_do_what_they_do_without_and_are_told()
    {
        List<string> untouched = Run(trapped: false, out _);
        List<string> trapped = Run(trapped: true, out RecordingSink sink);
        Assert.Equal(untouched, trapped);
        Assert.Empty(sink.Withdrawals);

        // By number: read, write, poll, writev, readv, nanosleep, sendmsg, recvmsg, wait4, futex, clock_gettime.
        int[] told = [.. sink.Entries.Select(e => e.SystemCall).Distinct()];
        Assert.Empty(new[] { 0, 1, 7, 19, 20, 35, 46, 47, 61, 202, 228 }.Except(told));
        Assert.Contains(sink.Entries, e => e is { SystemCall: 0, Length: 100, Kind: AccessKind.Write } && (e.After & 0xFF) == 'a');
        Assert.Contains(sink.Entries, e => e is { SystemCall: TrappedAccess.NoSystemCall, Kind: AccessKind.Write } && e.After == 'n');
    }

    private static List<string> Run(bool trapped, out RecordingSink sink)
    {
        using TracedProgram program = new("trapped_calls");
        ulong page = program.RunToAddress() + PageLength;
        program.Interrupt();
        LinuxTarget.SetPassedSignals(ref program.Target, [(1ul << 10) | (1ul << 17)]);
        sink = new RecordingSink();
        if (trapped)
        {
            TargetStatus status = program.Session.AddProbe(program.Id, page, PageLength, AccessKind.ReadWrite, sink, false, out _);
            Assert.True(status == TargetStatus.Ok, program.Session.LastError);
        }

        program.GoOn();
        program.ResumeAll();
        List<string> lines = [.. s_calls.Select(_ => program.NextLine())];
        Assert.Equal(s_calls, lines.Select(l => l.Split(' ')[0]));
        program.GoOn();
        program.WaitForExit();
        return lines;
    }
}
