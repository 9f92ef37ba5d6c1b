using System.Globalization;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps;

[Collection("ptrace")]
public class RingTests
{
    private const ulong PageLength = 4096;
    private const int Bytes = 8;
    private const int Fault = -14;
    private const int NotImplemented = -38;

    [Fact]
    public void A_ring_cannot_be_set_up_while_pages_are_armed_and_one_from_before_does_not_reach_them()
    {
        using TracedProgram program = new("rings");
        int ring = Number(program.RunToLine());
        if (ring < 0)
        {
            Assert.Skip($"this kernel lets nobody set up an io_uring: error {-ring}");
        }

        program.NextLine();
        ulong page = program.NextAddress();
        RecordingSink sink = new();
        Assert.Equal([0, Bytes, Bytes, Bytes], Ask(program, "srwo"));

        TargetStatus status = program.Session.AddProbe(program.Id, page, PageLength, AccessKind.ReadWrite, sink, false, out PageProbe? probe);
        Assert.True(status == TargetStatus.Ok, program.Session.LastError);
        Assert.Equal([NotImplemented, Fault, Fault, Bytes, 'a'], Ask(program, "srwob"));
        Assert.Equal(TrappedAccess.NoSystemCall, Assert.Single(sink.Entries).SystemCall);
        Assert.Empty(sink.Withdrawals);

        Assert.Equal(TargetStatus.Ok, program.Session.RemoveProbe(probe!));
        Assert.Equal([0, Bytes, Bytes, Bytes, 'a'], Ask(program, "srwob"));
        program.GoOn();
        program.WaitForExit();
    }

    [Fact]
    public void A_registered_buffer_is_reached_at_its_home_and_nothing_is_told()
    {
        using TracedProgram program = new("rings");
        int ring = Number(program.RunToLine());
        if (ring < 0)
        {
            Assert.Skip($"this kernel lets nobody set up an io_uring: error {-ring}");
        }

        int registered = Number(program.NextLine());
        if (registered < 0)
        {
            Assert.Skip("this kernel lets nobody register a buffer");
        }

        ulong page = program.NextAddress();
        RecordingSink sink = new();
        TargetStatus status = program.Session.AddProbe(program.Id, page, PageLength, AccessKind.Write, sink, false, out _);
        Assert.True(status == TargetStatus.Ok, program.Session.LastError);
        Assert.Equal(['p', Bytes, 'a'], Ask(program, "bfb"));
        Assert.Empty(sink.Entries);
        program.GoOn();
        program.WaitForExit();
    }

    private static int[] Ask(TracedProgram program, string letters)
    {
        program.Send(letters);
        return [.. letters.Select(_ => Number(program.NextLine()))];
    }

    private static int Number(string line) => int.Parse(line, CultureInfo.InvariantCulture);
}
