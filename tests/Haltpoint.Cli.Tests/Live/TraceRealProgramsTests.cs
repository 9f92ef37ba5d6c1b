using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>Programs of the distribution with their heap traced: they do and print what they do without.</summary>
public class TraceRealProgramsTests
{
    private const string Sql = """
        create table t(a integer primary key, b text, c real);
        insert into t(b, c) values('one', 1.5), ('two', 2.5), ('three', 3.5);
        create index i on t(b);
        with recursive n(x) as (select 1 union all select x + 1 from n where x < 20) select sum(x), group_concat(x) from n;
        update t set c = c + 1 where b > 'o';
        select b, c from t order by b; select count(*), total(c), max(b) from t;
        """;

    // The documented examples in a module are its test; a line lets it begin, so that the start is not traced; nor is
    // the end, in which the interpreter touches everything once more.
    private const string Python = "import os, sys, doctest, heapq; sys.stderr.write('ready\\n'); sys.stdin.readline(); doctest.run_docstring_examples(heapq.merge, vars(heapq), verbose=True); sys.stdout.flush(); os._exit(0)";

    [Fact]
    public void Sqlite_answers_the_same()
    {
        const string path = "/usr/bin/sqlite3";
        Assert.SkipUnless(File.Exists(path), "sqlite3 is not installed");
        using RunningProgram alone = new(path, ":memory:", Sql);
        Assert.Equal(0, alone.WaitForEnd(out string expected));
        string file = Path.GetTempFileName();
        using HaltpointServer traced = new("trace", "--map", "[heap]", "--output", "csv", "--save", file, "--", path, ":memory:", Sql);
        Assert.Equal(0, traced.WaitForEnd(out string output));
        Assert.Equal(expected, output);
        AssertComplete(traced, file);
    }

    [Fact]
    public void A_python_module_passes_its_tests()
    {
        const string path = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(path), "python3 is not installed");
        string expected = RunPython(path, traced: false);
        Assert.Contains("ok\n", expected, StringComparison.Ordinal);
        Assert.DoesNotContain("Failed", expected, StringComparison.Ordinal);
        Assert.Equal(expected, RunPython(path, traced: true));
    }

    [Fact]
    public void Redis_serves_a_benchmark()
    {
        using ScratchDirectory scratch = new();
        Assert.SkipUnless(File.Exists("/usr/bin/redis-benchmark"), "redis-tools is not installed");
        string server = "/usr/bin/redis-server";
        if (!File.Exists(server))
        {
            // One program under several names.
            server = Path.Combine(scratch.Path, "redis-server");
            File.CreateSymbolicLink(server, "/usr/bin/redis-check-rdb");
        }

        string socket = Path.Combine(scratch.Path, "socket");
        using RunningProgram redis = new("/bin/sh", "-c", $"exec {server} --port 0 --unixsocket {socket} --save '' --appendonly no --daemonize no 1>&2");
        redis.WaitForLine("eady to accept connections");
        string file = Path.Combine(scratch.Path, "trace");
        (ulong start, ulong length) = Arena(redis.Id);
        using HaltpointServer trace = new(
            "trace", "--pid", redis.Id.ToString(CultureInfo.InvariantCulture), "--range", string.Create(CultureInfo.InvariantCulture, $"0x{start:x}+{length}"),
            "--output", "csv", "--save", file);
        trace.WaitForLine("tracing ");
        using RunningProgram benchmark = new("redis-benchmark", "-s", socket, "-n", "8", "-c", "2", "-t", "set,get,lpush", "--csv");
        Assert.Equal(0, benchmark.WaitForEnd(out string rows));
        Assert.True(rows.Split('\n').Length >= 4, rows);
        Assert.Equal("OK", Ask(socket, "set", "key", "value"));
        Assert.Equal("value", Ask(socket, "get", "key"));
        Assert.Equal("4", Ask(socket, "eval", "redis.call('rpush', 'list', 1, 2, 3, 4) return redis.call('llen', 'list')", "0"));
        Assert.Equal("", Ask(socket, "shutdown", "nosave"));
        Assert.Equal(0, redis.WaitForEnd());
        trace.WaitForEnd();
        AssertComplete(trace, file);
    }

    private static string RunPython(string path, bool traced)
    {
        using RunningProgram python = new(path, "-c", Python);
        python.WaitForLine("ready");
        string file = Path.GetTempFileName();
        using HaltpointServer? trace = traced
            ? new("trace", "--pid", python.Id.ToString(CultureInfo.InvariantCulture), "--range", PartOfHeap(python.Id), "--output", "csv", "--save", file)
            : null;
        trace?.WaitForLine("tracing ");
        python.Input.WriteLine();
        python.Input.Close();
        Assert.Equal(0, python.WaitForEnd(out string output));
        if (trace is not null)
        {
            trace.WaitForEnd();
            AssertComplete(trace, file);
        }

        File.Delete(file);
        return output;
    }

    private static void AssertComplete(RunningProgram trace, string file)
    {
        Assert.Contains(trace.Errors, e => e.Contains("none lost", StringComparison.Ordinal));
        Assert.True(File.ReadLines(file).Take(100).Count() == 100, "hardly anything was traced");
    }

    // A part of it, of some thousand accesses: all of it has a quarter of a million.
    private static string PartOfHeap(int process)
    {
        string[] ends = File.ReadLines($"/proc/{process}/maps").First(l => l.EndsWith("[heap]", StringComparison.Ordinal)).Split(' ')[0].Split('-');
        ulong start = ulong.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        ulong end = ulong.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"0x{start:x}+{(end - start) / 40}");
    }

    // Its allocator takes memory in aligned pieces of 8 MiB; the one with the highest address is the first thread's. A part: each request touches it often.
    private static (ulong Start, ulong Length) Arena(int process)
    {
        const ulong piece = 8 << 20;
        List<(ulong Start, ulong End)> found = [];
        foreach (string[] words in File.ReadLines($"/proc/{process}/maps").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length == 5 && w[1] == "rw-p"))
        {
            ulong[] ends = [.. words[0].Split('-').Select(t => ulong.Parse(t, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            if (ends[0] % (piece / 4) == 0 && ends[1] - ends[0] >= piece / 4)
            {
                found.Add((ends[0], ends[1]));
            }
        }

        (ulong start, ulong end) = found[^1];
        return (start, (end - start) / 8);
    }

    private static string Ask(string socket, params string[] words)
    {
        using RunningProgram client = new("redis-cli", ["-s", socket, .. words]);
        client.WaitForEnd(out string output);
        return output.Trim();
    }

    private sealed class ScratchDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("haltpoint-redis-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
