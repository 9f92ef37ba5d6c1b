using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps;

[Collection("ptrace")]
public class HammeringTests
{
    [Theory]
    [InlineData("heap", 1, 200)]
    [InlineData("data", 1, 200)]
    [InlineData("mapped", 1, 200)]
    [InlineData("shared", 1, 200)]
    [InlineData("huge", 1, 200)]
    [InlineData("huge", 8, 50)]
    [InlineData("heap", 8, 100)]
    [InlineData("heap", 64, 20)]
    public void Every_access_of_every_thread_is_told_once_and_done_once(string memory, int threads, int count)
    {
        using TracedProgram program = new("trapped", memory, Text(threads), Text(count));
        ulong page = program.RunToAddress();
        program.Interrupt();
        string before = Maps(program.Id);
        RecordingSink sink = new();
        TargetStatus status = program.Session.AddProbe(program.Id, page, 4096, AccessKind.ReadWrite, sink, false, out PageProbe? probe);
        Assert.True(status == TargetStatus.Ok, program.Session.LastError);
        Assert.NotEqual(before, Maps(program.Id));
        program.GoOn();
        Assert.Equal($"{threads * count} {threads * count * 3}", program.RunToLine());
        program.Interrupt();
        Assert.Equal(TargetStatus.Ok, program.Session.RemoveProbe(probe!));

        RecordingSink.Entry[] locked = [.. sink.Entries.Where(e => e.Kind == AccessKind.ReadWrite)];
        Assert.Equal(threads * count, locked.Length);
        Assert.All(locked, (e, i) => Assert.Equal((page, 8, (ulong)i, (ulong)i + 1), (e.Address, e.Length, e.Before, e.After)));
        Assert.Equal((threads * count) + threads + 1, sink.Entries.Count(e => e.Kind == AccessKind.Read));
        foreach (IGrouping<ulong, RecordingSink.Entry> slot in sink.Entries.Where(e => e.Kind == AccessKind.Write).GroupBy(e => e.Address))
        {
            Assert.Equal(Enumerable.Range(1, count).Select(i => (ulong)(3 * i)), slot.Select(e => e.After));
        }

        if (threads == 1)
        {
            Assert.Equal(before, Maps(program.Id));
        }

        program.GoOn();
        program.ContinueToExit();
    }

    private static string Maps(int process) => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/maps"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
