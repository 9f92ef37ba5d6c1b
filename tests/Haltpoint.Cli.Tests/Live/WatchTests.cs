using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>The verbs watch and slots as they are typed.</summary>
public class WatchTests
{
    [Fact]
    public void Json_has_a_line_for_every_hit_and_one_for_the_summary()
    {
        List<JsonElement> lines = [.. Watch("own", "--output", "json").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

        Assert.Equal(3, lines.Count);
        string[] names =
        [
            "time", "cpu", "pid", "tid", "thread", "access", "address", "length", "value", "old", "exact", "ip", "function", "file", "line", "kernel",
            "count", "stack",
        ];
        Assert.All(lines[..2], hit => Assert.Equal(names, hit.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(["summary", "hits", "lost"], lines[2].EnumerateObject().Select(p => p.Name));
        foreach ((JsonElement hit, int value, int old) in new[] { (lines[0], 2, 1), (lines[1], 3, 2) })
        {
            Assert.Equal(value, hit.GetProperty("value").GetInt32());
            Assert.Equal(old, hit.GetProperty("old").GetInt32());
            Assert.True(hit.GetProperty("exact").GetBoolean());
            Assert.Equal("main", hit.GetProperty("function").GetString());
            Assert.EndsWith("loud.c", hit.GetProperty("file").GetString(), StringComparison.Ordinal);
            Assert.Equal("w", hit.GetProperty("access").GetString());
            Assert.Equal(4, hit.GetProperty("length").GetInt32());
            Assert.Equal(1, hit.GetProperty("count").GetInt32());
            Assert.False(hit.GetProperty("kernel").GetBoolean());
            Assert.Equal(JsonValueKind.Array, hit.GetProperty("stack").ValueKind);
            Assert.True(hit.GetProperty("time").GetInt64() > 0);
            Assert.StartsWith("0x", hit.GetProperty("ip").GetString(), StringComparison.Ordinal);
        }

        Assert.True(lines[2].GetProperty("summary").GetBoolean());
        Assert.Equal(2, lines[2].GetProperty("hits").GetInt64());
        Assert.Equal(0, lines[2].GetProperty("lost").GetInt64());
    }

    [Theory]
    [InlineData("--when", "value == 3", 1)]
    [InlineData("--when", "value == 4", 0)]
    [InlineData("--hits", "1", 1)]
    public void Filters_and_limits_choose_the_hits(string option, string value, int expected) =>
        Assert.Equal(expected + 1, Watch("own", "--output", "json", option, value).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

    [Fact]
    public void A_watch_ends_by_time_and_the_process_goes_on()
    {
        using RunningProgram target = new(Programs.Build("steady"));
        target.WaitForLine("waiting");
        using RunningProgram watch = new(
            Paths.Haltpoint, "watch", "level", "--for", "300ms", "--output", "json", "--pid", target.Id.ToString(CultureInfo.InvariantCulture));
        int status = watch.WaitForEnd(out string output);
        Assert.SkipWhen(status != 0 && watch.Errors.Any(e => e.Contains("not permitted", StringComparison.Ordinal)), "perf events are refused here");
        Assert.Equal(0, status);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length - 1, JsonDocument.Parse(lines[^1]).RootElement.GetProperty("hits").GetInt32());
        Assert.False(target.HasExited);
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());
    }

    [Fact]
    public void Only_changes_are_shown_where_nothing_else_is_wanted()
    {
        string program = Programs.Build("writers");
        using RunningProgram watch = new("sh", "-c", $"echo xx | {Paths.Haltpoint} watch counter --changed --output json -- {program} 0 2 1 3 0 2");
        Assert.Equal(0, watch.WaitForEnd(out string output));
        // Threads write 0, 1, 2; the child's two 0, 1 each, over its copy: the first write of all finds a 0, and leaves it.
        string[] hits = [.. output.Split('\n').Where(l => l.Contains("\"value\"", StringComparison.Ordinal))];
        Assert.Equal([(0, 1), (1, 2), (2, 0), (0, 1), (1, 0), (0, 1)], hits.Select(l => JsonDocument.Parse(l).RootElement).Select(h => (h.GetProperty("old").GetInt32(), h.GetProperty("value").GetInt32())));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_before_the_program_starts()
    {
        string marker = Path.GetTempFileName();
        using RunningProgram watch = new(Paths.Haltpoint, "watch", "environ", "--save", "/no/such/directory/hits", "--", "/bin/rm", marker);
        Assert.Equal(1, watch.WaitForEnd());
        Assert.StartsWith("haltpoint: --save /no/such/directory/hits cannot be written: ", Assert.Single(watch.Errors), StringComparison.Ordinal);
        Assert.True(File.Exists(marker));
        File.Delete(marker);
    }

    [Fact]
    public void A_program_that_became_another_is_said_to_have()
    {
        string program = Programs.Build("becomes");
        using RunningProgram watch = new(Paths.Haltpoint, "watch", "counter", "--output", "csv", "--", program, "/bin/true");
        Assert.Equal(0, watch.WaitForEnd());
        Assert.Contains(watch.Errors, e => e.EndsWith("became another program, in which the address means nothing", StringComparison.Ordinal));
        Assert.Equal("haltpoint: the program ended with status 0", watch.Errors[^1]);
    }

    [Fact]
    public void The_table_names_lines_and_values()
    {
        string table = Watch("own");
        Assert.Contains("2 hits", table, StringComparison.Ordinal);
        Assert.Contains("none lost", table, StringComparison.Ordinal);
        Assert.Contains("1 -> 2", table, StringComparison.Ordinal);
        Assert.Contains("2 -> 3", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_begins_with_the_names_of_its_columns()
    {
        string[] lines = Watch("own", "--output", "csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("time,cpu,pid,tid,thread,access,", lines[0], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, l => Assert.Equal(lines[0].Count(c => c == ','), l.Count(c => c == ',')));
    }

    [Fact]
    public void Folded_stacks_go_from_the_thread_to_the_writer()
    {
        string line = Assert.Single(Watch("own", "--output", "folded", "--when", "value == 3").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches(@"^loud.*;main \(loud\.c:\d+\) 1$", line);
    }

    [Theory]
    [InlineData("speedscope", "profiles")]
    [InlineData("perfetto", "traceEvents")]
    public void Files_for_viewers_are_whole_documents(string form, string member)
    {
        string file = Path.GetTempFileName();
        Assert.Equal("", Watch("own", "--output", form, "--save", file));
        JsonElement root = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        Assert.True(root.GetProperty(member).GetArrayLength() > 0);
        File.Delete(file);
    }

    [Fact]
    public void Slots_counts_what_a_process_would_find_free()
    {
        string program = Programs.Build("status");
        using RunningProgram target = new(program, "wait");
        target.WaitForLine("waiting");
        using RunningProgram slots = new(Paths.Haltpoint, "slots", "--json", "--pid", target.Id.ToString(CultureInfo.InvariantCulture));
        int status = slots.WaitForEnd(out string output);
        Assert.SkipWhen(status == 1, string.Join('\n', slots.Errors));
        Assert.InRange(JsonDocument.Parse(output).RootElement.GetProperty("process").GetInt32(), 0, 4);
        target.Input.Write("x");
        target.Input.Close();
        target.WaitForEnd();
    }

    private static string Watch(string what, params string[] options)
    {
        string program = Programs.Build("loud", "-DMAIN", "-DALONE");
        using RunningProgram watch = new(Paths.Haltpoint, ["watch", what, .. options, "--", program]);
        int status = watch.WaitForEnd(out string output);
        Assert.SkipWhen(status != 0 && watch.Errors.Any(e => e.Contains("not permitted", StringComparison.Ordinal)), "perf events are refused here");
        Assert.Equal(0, status);
        return output;
    }
}
