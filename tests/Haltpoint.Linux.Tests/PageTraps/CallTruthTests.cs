using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps;

/// <summary>
/// Programs that hand the kernel addresses in watched pages (tests/Tracees/calls.h): they see the same with and without, and what the
/// kernel accesses for them is told, byte by byte, as the programs say.
/// </summary>
[Collection("ptrace")]
public class CallTruthTests
{
    public static TheoryData<string, string> Sections => new()
    {
        { "calls_files", "transfers" }, { "calls_files", "long" }, { "calls_files", "vectors" }, { "calls_files", "names" },
        { "calls_files", "directories" }, { "calls_files", "offsets" },
        { "calls_sockets", "streams" }, { "calls_sockets", "messages" }, { "calls_sockets", "addresses" },
        { "calls_threads", "words" }, { "calls_threads", "wakes" }, { "calls_threads", "library" },
        { "calls_waits", "readiness" }, { "calls_waits", "clocks" }, { "calls_waits", "signals" }, { "calls_waits", "children" },
    };

    public static TheoryData<string> Games => ["handlers", "bus", "stack", "deep", "mappings", "moves", "advice", "protections", "children", "vforks", "threads", "execute"];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Calls_do_the_same_on_watched_pages_and_are_told(string name, string section)
    {
        List<string> alone = SectionRun.Lines(name, section, watched: false, out _, out _);
        List<string> lines = SectionRun.Lines(name, section, watched: true, out RecordingSink sink, out ulong region);
        Assert.Equal(alone.Where(l => l[0] != '#'), lines.Where(l => l[0] != '#'));
        Assert.Empty(sink.Withdrawals);

        ByteCounts expected = new();
        HashSet<string> calls = [];
        foreach (string[] words in lines.Where(l => l[0] == '#').Select(l => l.Split(' ')))
        {
            calls.Add(words[1]);
            expected.Add(words[1], words[2][0], Number(words[3]), Number(words[4]));
        }

        ByteCounts told = new();
        foreach (RecordingSink.Entry entry in sink.Entries.Where(e => e.SystemCall != TrappedAccess.NoSystemCall))
        {
            // What the C library or the program calls beside it is not foretold.
            string call = SystemCallTable.Find(CallAbi.X64, entry.SystemCall)!.Name;
            if (calls.Contains(call))
            {
                // An access that spans two probes is told to both.
                ulong start = ulong.Max(entry.Address, entry.ProbeStart);
                ulong end = ulong.Min(entry.Address + (ulong)entry.Length, entry.ProbeEnd);
                told.Add(call, entry.Kind == AccessKind.Read ? 'r' : 'w', (long)(start - region), (long)(end - start));
            }
        }

        expected.KeepOnly(SectionRun.Watched);
        told.KeepOnly(SectionRun.Watched);
        if (name != "calls_threads")
        {
            Assert.Equal(expected.Describe(), told.Describe());
        }
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void What_a_program_does_to_its_memory_and_signals_works_on_watched_pages(string section)
    {
        List<string> alone = SectionRun.Lines("memory_games", section, watched: false, out _, out _);
        List<string> lines = SectionRun.Lines("memory_games", section, watched: true, out RecordingSink sink, out _);
        Assert.Equal(alone, lines);
        Assert.NotEmpty(sink.Entries);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
