using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>Stock gdb with watchpoints that debug registers cannot hold, on a program of which every access is known.</summary>
/// <remarks>gdb compares values only up to max-value-size: with its default it never sees that an array of 1 MiB changed.</remarks>
public class LimitlessWatchTests
{
    // gdb's own record of its stops, at the end: it sees no access that the server does not tell, and nothing else is asked for.
    private const string Record =
        "python hits = []; gdb.events.stop.connect(lambda e: hits.extend((b.number, gdb.selected_frame().find_sal().line) for b in getattr(e, 'breakpoints', []) if b.type != gdb.BP_BREAKPOINT))";

    // Up to the end of the accesses that are counted.
    private const string RunOn =
        "python gdb.Breakpoint('after'); [gdb.execute('continue', to_string=True) for i in iter(lambda: gdb.selected_frame().name() != 'after', False)]";

    private const string Tell = "python print('hits:', ' '.join('%d@%d' % h for h in hits))";

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void An_awatch_on_a_megabyte_stops_for_each_of_its_accesses(int threads)
    {
        string session = Debug(threads, "array", "awatch array", Record, RunOn, Tell, "info watchpoints", "delete", "continue");

        // A line ends with its write, behind which the next begins.
        int[] lines = [Line("first"), Line("crossing"), Line("crossing"), Line("last"), Line("read"), Line("read")];
        (int Number, int Line)[] expected = [.. Enumerable.Repeat(lines, threads).SelectMany(l => l).Select(l => (2, l))];
        Assert.Equal(expected, Hits(session));
        Assert.Contains($"breakpoint already hit {expected.Length} times", session, StringComparison.Ordinal);
        AssertResult(session, "array", threads);
    }

    [Fact]
    public void A_watch_on_a_megabyte_shows_what_changed()
    {
        string session = Debug(1, "array", "set max-value-size unlimited", "set print elements 1", "watch array", "continue", "delete", "continue");
        Assert.Contains($"at {Paths.InRepository("tests/Tracees/limitless.c")}:{Line("crossing")}\n", session, StringComparison.Ordinal);
        Assert.Matches(@"New value = ""\\001""", session);
        AssertResult(session, "array", 1);
    }

    [Fact]
    public void A_write_to_a_megabyte_is_told_when_it_changes_something()
    {
        // gdb reads no value of this size on its own, so it passes over the hits: the server has counted them.
        string session = Debug(16, "array", "watch array", "break after", "continue", "monitor watchpoints", "delete", "continue");
        Assert.Contains($"; {16 * 3} hits, {16 * 3} told", session, StringComparison.Ordinal);
        AssertResult(session, "array", 16);
    }

    [Theory]
    [InlineData("watch", 200)]
    [InlineData("awatch", 40)]
    public void Variables_are_watched_in_any_number(string command, int count)
    {
        string session = Debug(
            1, "scattered", $"python [gdb.execute('{command} variables[%d]' % (24 * i), to_string=True) for i in range({count})]", Record, RunOn, Tell, "delete", "continue");

        // A read is told on its own line, a write on the next: same is followed by other.
        int[] expected = command == "watch" ? [Line("other") + 1] : [Line("same"), Line("other"), Line("other"), Line("other") + 1];
        Assert.Equal([.. Enumerable.Range(2, count).SelectMany(n => expected.Select(l => (n, l)))], Hits(session));
        AssertResult(session, "scattered", 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void A_structure_of_24_bytes_is_watched(int threads)
    {
        string session = Debug(threads, "record", "watch record", Record, RunOn, Tell, "delete", "continue");
        int[] lines = [Line("length"), Line("sum") + 1];
        Assert.Equal([.. Enumerable.Range(0, threads).SelectMany(_ => lines)], Hits(session).Select(h => h.Line));
        AssertResult(session, "record", threads);
    }

    [Fact]
    public void An_rwatch_on_a_structure_stops_for_its_reads()
    {
        string session = Debug(1, "record", "rwatch record", Record, RunOn, Tell, "delete", "continue");
        (int Number, int Line)[] hits = Hits(session);
        foreach (string line in (string[])["id", "length", "sum"])
        {
            Assert.Contains(hits, h => h.Line == Line(line));
        }

        AssertResult(session, "record", 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Threads_that_write_at_once_lose_nothing_and_are_counted(int threads)
    {
        const int rounds = 5;

        // The server counts: every access is a read and a write of an own byte, and one locked addition.
        string session = Debug(
            threads, "together", "awatch array", "ignore 2 100000", "monitor ignore 1 100000", "break after", "continue", "monitor watchpoints", "delete", "continue");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"; {threads * rounds * 3} hits, 0 told"), session, StringComparison.Ordinal);
        AssertResult(session, "together", threads);
    }

    [Fact]
    public void A_range_across_the_end_of_a_mapping_is_refused_with_the_reason()
    {
        string session = Debug(1, "record", "watch *(char (*)[100])edge", "continue", "delete 2", "watch *(char *)edge", "watch record", "continue", "info watchpoints", "delete", "continue");
        Assert.Matches(@"Cannot watch 100 bytes at 0x[0-9a-f]+: nothing is mapped from 0x[0-9a-f]+ to 0x[0-9a-f]+\n", session);
        Assert.Contains("Could not insert hardware watchpoint 2.", session, StringComparison.Ordinal);
        Assert.Contains("hit Hardware watchpoint 4: record", session, StringComparison.Ordinal);
        AssertResult(session, "record", 1);
    }

    [Fact]
    public void Watchpoints_are_disabled_enabled_deleted_and_have_conditions()
    {
        string session = Debug(
            8, "record", "watch record", "watch array", "disable 2", "break write_record", "continue", "continue", "enable 2", "continue", "condition 2 record.id == 5",
            "delete 5", "disable 4", "continue", "info watchpoints", "delete 2 3", "continue");

        // Nothing while it was disabled, then the second thread's first change, then nothing before the fifth.
        Assert.Equal(["id = 2,", "id = 5,"], NewIds(session));
        Assert.Contains("stop only if record.id == 5", session, StringComparison.Ordinal);
        AssertResult(session, "record", 8);
    }

    [Fact]
    public void The_script_has_the_server_judge_the_condition_of_a_watchpoint_held_by_pages()
    {
        string script = Path.Combine(Path.GetDirectoryName(Paths.Haltpoint)!, "haltpoint-gdb.py");
        string session = Debug(
            8, "record", $"source {script}", "watch array", "watch record.id if record.id == 6", "continue", "monitor watchpoints", "delete 2 3", "continue");
        Assert.Contains("New value = 6", session, StringComparison.Ordinal);
        Assert.Matches(@"  3  write   0x[0-9a-f]+, 8 bytes, by [a-z]+; 6 hits, 1 told; when signed value == 6\n", session);
        AssertResult(session, "record", 8);
    }

    // Registers are used up by four others, or taken by what is too large for any; a write that leaves the value is no hit of either.
    [Theory]
    [InlineData("python [gdb.execute('watch variables[%d]' % (24 * i), to_string=True) for i in range(4)]", 6)]
    [InlineData("python [gdb.execute('watch *(long (*)[40])&record', to_string=True) for i in range(1)]", 3)]
    public void An_ordinary_condition_is_judged_at_the_page(string others, int number)
    {
        string script = Path.Combine(Path.GetDirectoryName(Paths.Haltpoint)!, "haltpoint-gdb.py");
        string session = Debug(
            8, "record", $"source {script}", others, "watch record.id if record.id == 6", "condition 2 0", "monitor watchpoints", "continue", "monitor watchpoints", "delete", "continue");
        Assert.Contains("New value = 6", session, StringComparison.Ordinal);
        Assert.Matches($@"  {number}  write   0x[0-9a-f]+, 8 bytes, by pages; 6 hits, 1 told; when signed value == 6\n", session);
        AssertResult(session, "record", 8);
    }

    private static string Debug(int threads, string mode, params string[] commands)
    {
        string program = Programs.Build("limitless");
        return Gdb.Run(
            program,
            [$"target remote | {Paths.Haltpoint} gdbserver --once stdio {program} {threads} {mode}", "break begin", "continue", .. commands]);
    }

    private static void AssertResult(string session, string mode, int threads)
    {
        using RunningProgram alone = new(Programs.Build("limitless"), threads.ToString(CultureInfo.InvariantCulture), mode);
        Assert.Equal(0, alone.WaitForEnd(out string output));
        Assert.Contains(output.Trim(), session, StringComparison.Ordinal);
        Assert.Contains("exited normally", session, StringComparison.Ordinal);
    }

    private static (int Number, int Line)[] Hits(string session)
    {
        string line = session.Split('\n').Single(l => l.StartsWith("hits:", StringComparison.Ordinal));
        return [.. Regex.Matches(line, "([0-9]+)@([0-9]+)").Select(m => (Number(m.Groups[1].Value), Number(m.Groups[2].Value)))];
    }

    private static string[] NewIds(string session) => [.. Regex.Matches(session, @"New value = \{(id = [0-9]+,)").Select(m => m.Groups[1].Value)];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int Line(string mark) =>
        1 + Array.FindIndex(File.ReadAllLines(Paths.InRepository("tests/Tracees/limitless.c")), l => l.Contains($"/* line: {mark} */", StringComparison.Ordinal));
}
