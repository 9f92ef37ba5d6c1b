using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>Every form of output of <c>haltpoint trace</c>, over a program whose accesses are known.</summary>
public class TraceOutputTests
{
    private static readonly string[] s_fields =
    [
        "time", "tid", "cpu", "access", "width", "mapping", "offset", "address", "value", "old", "ip", "function", "file", "line", "syscall",
    ];

    [Fact]
    public void Json_has_an_object_an_access_with_the_documented_fields_and_a_summary()
    {
        List<JsonElement> lines = TracedProgram.Objects(TracedProgram.Trace(1, 3, "--output", "json", "--values"));
        JsonElement summary = lines[^1];
        lines.RemoveAt(lines.Count - 1);

        Assert.All(lines, l => Assert.Equal(s_fields, l.EnumerateObject().Select(p => p.Name)));
        (long accesses, long reads, long writes) = TracedProgram.Expected(1, 3);
        Assert.Equal(accesses, lines.Count);
        Assert.True(summary.GetProperty("summary").GetBoolean());
        Assert.Equal(accesses, summary.GetProperty("accesses").GetInt64());
        Assert.Equal(reads, summary.GetProperty("reads").GetInt64());
        Assert.Equal(writes, summary.GetProperty("writes").GetInt64());
        Assert.Equal(0, summary.GetProperty("lost").GetInt64());
        JsonElement mapping = Assert.Single(summary.GetProperty("mappings").EnumerateArray());
        Assert.Equal(TracedProgram.Variable, mapping.GetProperty("mapping").GetString());

        List<long> times = [.. lines.Select(l => l.GetProperty("time").GetInt64())];
        Assert.Equal(times.Order(), times);
        for (int i = 0; i < 3; i++)
        {
            Check(lines[3 * i], "rw", 0, i + 1, i, "lock incq");
            Check(lines[(3 * i) + 1], "r", TracedProgram.FirstSlot, 3 * i, null, "movq %1, %0\" : \"=r\"(value)");
            Check(lines[(3 * i) + 2], "w", TracedProgram.FirstSlot, 3 * (i + 1), 3 * i, "movq %1, %0\" : \"=m\"(*mine)");
        }
    }

    [Fact]
    public void It_can_be_saved_to_a_device()
    {
        using RunningProgram trace = new(
            Paths.Haltpoint, ["trace", "--symbol", TracedProgram.Variable, "--save", "/dev/null", "--", Programs.Build("trapped"), .. TracedProgram.Arguments("data", 1, 1)]);
        trace.Input.Write("xx");
        trace.Input.Close();
        Assert.True(trace.WaitForEnd(out _) == 0, string.Join('\n', trace.Errors));
    }

    [Fact]
    public void Values_and_stacks_are_given_only_when_asked_for()
    {
        JsonElement plain = TracedProgram.Objects(TracedProgram.Trace(1, 1, "--output", "json"))[0];
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("value").ValueKind);
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("old").ValueKind);
        Assert.False(plain.TryGetProperty("stack", out _));

        JsonElement stacked = TracedProgram.Objects(TracedProgram.Trace(1, 1, "--output", "json", "--stacks"))[0];
        Assert.Equal(["hammer", "main"], stacked.GetProperty("stack").EnumerateArray().Take(2).Select(f => f.GetProperty("function").GetString()));
    }

    [Theory]
    [InlineData("r", 2, 1)]
    [InlineData("w", 2, 0)]
    public void Access_chooses_the_direction(string access, int eachRound, int atTheEnd)
    {
        List<JsonElement> lines = TracedProgram.Objects(TracedProgram.Trace(2, 5, "--output", "json", "--access", access));
        Assert.Equal((2 * 5 * eachRound) + (atTheEnd * (1 + 2)), lines.Count - 1);
        Assert.All(lines[..^1], l => Assert.Contains(access, l.GetProperty("access").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void With_many_threads_each_access_is_there_once_and_the_counter_is_seen_to_count()
    {
        const int Threads = 8;
        const int Count = 200;
        List<JsonElement> lines = TracedProgram.Objects(TracedProgram.Trace(Threads, Count, "--output", "json", "--values"));
        Assert.Equal(TracedProgram.Expected(Threads, Count).Accesses, lines.Count - 1);
        List<JsonElement> increments = [.. lines[..^1].Where(l => l.GetProperty("access").GetString() == "rw")];
        Assert.Equal(Enumerable.Range(0, Threads * Count), increments.Select(l => l.GetProperty("old").GetInt32()));
        Assert.Equal(Enumerable.Range(1, Threads * Count), increments.Select(l => l.GetProperty("value").GetInt32()));
        Assert.Equal(Threads, increments.Select(l => l.GetProperty("tid").GetInt32()).Distinct().Count());
    }

    [Fact]
    public void Csv_has_a_line_of_names_and_a_line_an_access()
    {
        string[] lines = TracedProgram.Trace(1, 2, "--output", "csv", "--values").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("time,pid,tid,thread,cpu,access,width,", lines[0], StringComparison.Ordinal);
        Assert.Equal(TracedProgram.Expected(1, 2).Accesses, lines.Length - 1);
        Assert.All(lines, l => Assert.Equal(lines[0].Count(c => c == ','), l.Count(c => c == ',')));
    }

    // Facts G-53, G-55 and G-57: an increment is a read and a write.
    [Fact]
    public void Mmiotrace_has_map_access_and_unmap_lines_with_instruction_and_process()
    {
        string[] lines = TracedProgram.Trace(1, 1, "--output", "mmiotrace").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("VERSION 20070824", lines[0]);
        string[] rest = [.. lines.Where(l => !l.StartsWith("PCIDEV", StringComparison.Ordinal)).Skip(1)];
        Assert.Matches(@"^MAP \d+\.\d{6} 1 0x([0-9a-f]+) 0x\1 0x1000 0x0 \d+$", rest[0]);
        string process = rest[0].Split(' ')[^1];
        Assert.Equal(
            ["R 8 0x0", "W 8 0x1", "R 8 0x0", "W 8 0x3", "R 8 0x1", "R 8 0x3"],
            rest[1..^1].Select(l => $"{l.Split(' ')[0]} {l.Split(' ')[1]} {l.Split(' ')[5]}"));
        Assert.All(rest[1..^1], l => Assert.Matches($@"^[RW] 8 \d+\.\d{{6}} 1 0x[0-9a-f]+ 0x[0-9a-f]+ 0x[0-9a-f]+ {process}$", l));
        Assert.Matches($@"^UNMAP \d+\.\d{{6}} 1 0x0 {process}$", rest[^1]);
    }

    [Fact]
    public void Perfetto_gets_one_document_with_an_event_an_access_and_the_values_as_counters()
    {
        JsonElement root = JsonDocument.Parse(TracedProgram.Trace(1, 2, "--output", "perfetto", "--values")).RootElement;
        List<string?> phases = [.. root.GetProperty("traceEvents").EnumerateArray().Where(e => !e.GetProperty("name").GetString()!.Contains("mapped", StringComparison.Ordinal)).Select(e => e.GetProperty("ph").GetString())];
        Assert.Equal(TracedProgram.Expected(1, 2).Accesses, phases.Count(p => p == "i"));
        Assert.Equal(TracedProgram.Expected(1, 2).Accesses, phases.Count(p => p == "C"));
    }

    [Fact]
    public void The_table_counts_by_mapping_offset_and_line()
    {
        string table = TracedProgram.Trace(3, 10, "--output", "table", "--values");
        Assert.Contains("94 accesses", table, StringComparison.Ordinal);
        Assert.Contains("none lost", table, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ +31 +31 +30 +0x0 +in_data +8 ", table);
        Assert.Matches($@"(?m)^ +30 +30 +30 +31\.9% +trapped\.c:{TracedProgram.Line("lock incq")} +hammer ", table);
        Assert.Matches(@"(?m) rw +\d+ -> \d+ +in_data +trapped \(\d+\) +trapped\.c:\d+ +hammer", table);
    }

    [Fact]
    public void A_mapping_made_after_the_start_is_traced_from_its_first_access()
    {
        List<JsonElement> lines = TracedProgram.Objects(TracedProgram.Trace("shared", 2, 5, ["--map", "*zero*", "--output", "json"]));
        Assert.Equal(TracedProgram.Expected(2, 5).Accesses, lines.Count - 1);
        Assert.Equal(3 * 4096, lines[^1].GetProperty("mappings")[0].GetProperty("length").GetInt32());
        Assert.All(lines[..^1], l => Assert.InRange(l.GetProperty("offset").GetInt32(), 4096, 8191));
    }

    private static void Check(JsonElement access, string direction, ulong offset, int value, int? old, string source)
    {
        Assert.Equal(direction, access.GetProperty("access").GetString());
        Assert.Equal(8, access.GetProperty("width").GetInt32());
        Assert.Equal(TracedProgram.Variable, access.GetProperty("mapping").GetString());
        Assert.Equal(offset, access.GetProperty("offset").GetUInt64());
        Assert.Equal(value, access.GetProperty("value").GetInt32());
        Assert.Equal(old, access.GetProperty("old") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null);
        Assert.Equal("hammer", access.GetProperty("function").GetString());
        Assert.Equal(TracedProgram.SourceFile, Path.GetFileName(access.GetProperty("file").GetString()));
        Assert.Equal(TracedProgram.Line(source), access.GetProperty("line").GetInt32());
        Assert.Equal(JsonValueKind.Null, access.GetProperty("syscall").ValueKind);
    }
}
