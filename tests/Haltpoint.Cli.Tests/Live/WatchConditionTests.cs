using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>Stock gdb and watchpoints whose hits the server judges: what gdb shows, and how many stops pass the wire for it.</summary>
public class WatchConditionTests
{
    private static string Source => $"source {Path.Combine(Path.GetDirectoryName(Paths.Haltpoint)!, "haltpoint-gdb.py")}";

    [Fact]
    public void A_write_that_leaves_the_value_is_no_stop_on_the_wire()
    {
        (string session, int stops) = Debug(1, ["watch level", .. Continue(10)]);
        Assert.Equal([.. Enumerable.Range(1, 9)], NewValues(session));
        Assert.Equal(9, stops);
        Assert.Contains("level 9 sum 33 reads 9", session, StringComparison.Ordinal);
    }

    [Fact]
    public void An_access_watchpoint_tells_every_access()
    {
        (string session, int stops) = Debug(1, ["awatch level", .. Continue(12), "monitor watchpoints"]);
        Assert.Equal(12, stops);
        Assert.Contains("Value = ", session, StringComparison.Ordinal);
        Assert.Matches(@"1  access  0x[0-9a-f]+, 4 bytes, by registers; 12 hits, 12 told", session);
    }

    // Nine changes; those of which the condition is false are not told.
    [Theory]
    [InlineData("level", "level == 5", "signed value == 5", 5)]
    [InlineData("level", "(level > 3 && !(level == 5)) && level != 9", "(signed value > 3 && !((signed value == 5))) && signed value != 9", 4, 6, 7, 8)]
    [InlineData("-l level", "level > 8", "signed value > 8", 9)]
    [InlineData("balance", "balance < 0 && balance != -2", "signed value < 0 && signed value != -2", -3, -1)]
    [InlineData("small", "small > 254", "value > 254", 255)]
    [InlineData("record.sum", "record.sum == 22", "signed value == 22", 22)]
    [InlineData("mood", "mood == ANGRY", "value == 7", 7)]
    [InlineData("level", "level", "signed value != 0", 1, 2, 3, 4, 5, 6, 7, 8, 9)]
    public void The_script_has_the_server_judge_an_ordinary_condition(string what, string condition, string inOurWords, params int[] values)
    {
        (string session, int stops) = Debug(1, [Source, "set output-radix 10", $"watch {what} if {condition}", "continue", "monitor watchpoints", .. Continue(values.Length)]);
        Assert.Equal(values, NewValues(session));
        Assert.Equal(values.Length, stops);
        Assert.Contains($"; when {inOurWords}\n", session, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("level", "level % 3 == 2", 9, 2, 5, 8)]
    [InlineData("level", "level == (int)reads + 4", 9, 4)]
    [InlineData("level", "level == record.id + 2", 9, 2)]
    [InlineData("small", "small == -1", 7)]
    [InlineData("balance", "balance > 0xfffffffe", 7, -1)]
    public void A_condition_without_words_for_it_stays_the_clients(string what, string condition, int stopsOnTheWire, params int[] values)
    {
        (string session, int stops) = Debug(1, [Source, $"watch {what} if {condition}", .. Continue(values.Length + 1)]);
        Assert.Equal(values, NewValues(session));
        Assert.Equal(stopsOnTheWire, stops);
    }

    [Fact]
    public void Numbers_are_gdbs_and_a_condition_that_gdb_takes_back_is_gone()
    {
        (string session, int stops) = Debug(
            1,
            [
                Source, "break main", "watch level if level == 3", "watch balance", "continue", "monitor watchpoints", "continue",
                "condition 2", "continue", "disable 2", "delete 3", "break fill", "continue", "monitor watchpoints", "enable 2", "continue", "monitor watchpoints",
            ]);
        Assert.Matches(@"  2  write   0x[0-9a-f]+, 4 bytes, by registers; 0 hits, 0 told; when signed value == 3\n  3  write ", session);
        Assert.Equal([3, 4], NewValues(session));
        Assert.Equal(2, stops);
        Assert.Contains("no watchpoints\n", session, StringComparison.Ordinal);
        Assert.Contains("level 9 sum 33 reads 9", session, StringComparison.Ordinal);
    }

    [Fact]
    public void Orders_of_a_person_are_followed_and_listed()
    {
        (string session, int stops) = Debug(
            1,
            [
                "watch level", "monitor when 1 value > 2 && function == 'rise' && hits != 7", "monitor ignore 1 2", .. Continue(4), "monitor watchpoints",
                "monitor when 1", "monitor log 1", "monitor watchpoints", "continue",
            ]);
        Assert.Equal([5, 6, 8, 9], NewValues(session));
        Assert.Equal(4, stops);
        Assert.Contains("; 9 hits, 4 told; when value > 2 && function == 'rise' && hits != 7\n", session, StringComparison.Ordinal);
        Assert.Contains("; 9 hits, 4 told; only logged\n", session, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_only_watchpoint_prints_a_line_for_each_hit_and_stops_nobody()
    {
        (string session, int stops) = Debug(2, ["watch level", "monitor log 1", "monitor when 1 old < 2", "continue"]);
        Assert.Equal(0, stops);
        string[] lines = [.. session.Split('\n').Where(line => line.StartsWith("Watchpoint 1 at 0x", StringComparison.Ordinal))];
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"^Watchpoint 1 at 0x[0-9a-f]+: 0 -> 1, thread [0-9]+ ""watchpoints"", rise at watchpoints.c:[0-9]+$", lines[0]);
    }

    [Theory]
    [InlineData("monitor when 1 value = 42", "error: value = 42: character 7: == != < <= > or >= is expected, not '= 42'")]
    [InlineData("monitor when x value == 42", "error: 'x' is no watchpoint's number: monitor watchpoints lists them")]
    [InlineData("monitor ignore 1 -1", "error: '-1' is no number of hits")]
    [InlineData("monitor ignore 1", "error: usage: monitor ignore N COUNT")]
    [InlineData("monitor number 1 read 0x1000 4", "error: usage: monitor number N write|access ADDRESS LENGTH")]
    public void An_order_that_cannot_be_read_says_why_and_changes_nothing(string command, string line)
    {
        (string session, int stops) = Debug(1, ["watch level", command, "monitor watchpoints", "continue"]);
        Assert.Contains(line + "\n", session, StringComparison.Ordinal);
        Assert.Equal([1], NewValues(session));
        Assert.Equal(1, stops);
    }

    [Fact]
    public void The_script_is_where_the_help_says_and_does_nothing_with_another_server()
    {
        Assert.Contains($"\"{Source}\"", Debug(1, ["monitor help"]).Session, StringComparison.Ordinal);
        string program = Programs.Build("watchpoints");
        string session = Gdb.Run(program, $"target remote | gdbserver --once stdio {program}", Source, "watch level if level == 5", "continue", "kill");
        Assert.Equal([5], NewValues(session));
        Assert.DoesNotContain("rror", session, StringComparison.Ordinal);
    }

    /// <summary>Debugs tests/Tracees/watchpoints.c.</summary>
    private static (string Session, int Stops) Debug(int threads, string[] commands)
    {
        string program = Programs.Build("watchpoints");
        string packets = Path.GetTempFileName();
        string session = Gdb.Run(program, [$"target remote | {Paths.Haltpoint} gdbserver --once --log-packets {packets} stdio {program} {threads}", .. commands]);
        int stops = File.ReadLines(packets).Count(line => line.Contains(" < $T05", StringComparison.Ordinal) && line.Contains("watch:", StringComparison.Ordinal));
        File.Delete(packets);
        return (session, stops);
    }

    private static string[] Continue(int times) => [.. Enumerable.Repeat("continue", times)];

    private static int[] NewValues(string session) =>
        [.. Regex.Matches(session, @"^New value = (-?[0-9]+|ANGRY)", RegexOptions.Multiline).Select(m => m.Groups[1].Value == "ANGRY" ? 7 : int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
}
