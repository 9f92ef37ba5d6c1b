using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>Programs that nobody here wrote put out the same with their memory traced as without.</summary>
public sealed class TraceRealProgramTests : IDisposable
{
    private const string Sql = """
        create table t(a integer primary key, b text unique, c real);
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 9) insert into t select i, 'row ' || i, i / 3.0 from n;
        update t set b = upper(b) where a % 3 = 0;
        delete from t where a between 4 and 5;
        select count(*), sum(a), round(avg(c), 3) from t;
        select a, b from t order by b desc limit 3;
        """;

    // Memory that is read and written by instructions of every kind, and handed to the kernel.
    private const string Python = """
        import hashlib, mmap, os, re, struct, sys, zlib
        with open(sys.argv[1], 'r+b') as file:
            memory = mmap.mmap(file.fileno(), 0)
            print(len(re.findall(rb'line \d+', memory)), memory.find(b'line 99'), zlib.crc32(memory), hashlib.sha256(memory).hexdigest())
            for i in range(32):
                struct.pack_into('<QdH', memory, 64 * i, i * 12345, i / 7, i)
            print([struct.unpack_from('<QdH', memory, 64 * i) for i in range(3)])
            memory.move(3072, 0, 2048)
            memory[100:110] = memory[200:210]
            print(os.write(1, memoryview(memory)[4080:4120]), memory.rfind(b'line'), bytes(memory[3072:3088]))
            reader, writer = os.pipe()
            os.write(writer, memoryview(memory)[4096:4200])
            print(os.readv(reader, [memoryview(memory)[5000:5050], memoryview(memory)[4500:4554]]), bytes(memory[5000:5020]))
            memory.flush()
            print(hashlib.md5(memory).hexdigest())
        """;

    // The documented examples in a module are its test; a line lets it begin, so that the start is not traced; nor is
    // the end, in which the interpreter touches everything once more.
    private const string Examples = """
        import os, sys, doctest, heapq
        sys.stderr.write('ready\n')
        sys.stdin.readline()
        doctest.run_docstring_examples(heapq.merge, vars(heapq), verbose=True)
        sys.stdout.flush()
        os._exit(0)
        """;

    // A traced program does everything, only many times slower, and the more so on a machine with other work.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly string _directory = Directory.CreateTempSubdirectory("haltpoint-trace-").FullName;

    [Fact]
    public void Sqlite_with_its_heap_traced()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/sqlite3"), "sqlite3 is not installed");
        string script = Write("script.sql", Sql);
        long accesses = Compare("[heap]", $"sqlite3 :memory: <{script}", "");
        Assert.True(accesses > 10_000, $"{accesses} accesses");
    }

    [Fact]
    public void Sqlite_with_its_database_mapped_and_the_mapping_traced()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/sqlite3"), "sqlite3 is not installed");
        string make = Write("make.sql", Sql);
        string query = Write("query.sql", "pragma mmap_size = 1000000;\nselect count(*), sum(a), group_concat(b) from t;\nselect b, c from t where b > 'row 2' order by c;\npragma integrity_check;\n");
        string database = Path.Combine(_directory, "t.db");
        long accesses = Compare("*/t.db", $"sqlite3 {database} <{query}", $"rm -f {database}; sqlite3 {database} <{make} >/dev/null");
        Assert.True(accesses > 100, $"{accesses} accesses");
    }

    [Fact]
    public void Python_with_a_mapped_file_traced()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        string script = Write("script.py", Python);
        string text = Write("text", string.Concat(Enumerable.Range(0, 600).Select(i => $"line {i}\n")));
        string data = Path.Combine(_directory, "data");
        long accesses = Compare(data, $"/usr/bin/python3 -S -E {script} {data}", $"cp {text} {data}");
        Assert.True(accesses > 1000, $"{accesses} accesses");
    }

    [Fact]
    public void A_python_module_passes_its_tests_with_a_part_of_the_heap_traced()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        string alone = RunExamples(traced: false);
        Assert.Contains("ok\n", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("Failed", alone, StringComparison.Ordinal);
        Assert.Equal(alone, RunExamples(traced: true));
    }

    [Fact]
    public void A_shell_and_its_children_with_their_heaps_traced()
    {
        string script = Write("script.sh", "x=0; for i in 1 2 3; do (x=$((x + i)); echo child $i $x) | cat; done; echo $x; exec head -n 1 /etc/hostname");
        Compare("[heap]", $"dash {script}", "");
        int threads = File.ReadLines(Path.Combine(_directory, "trace")).SkipLast(1).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("tid").GetInt32()).Distinct().Count();
        Assert.True(threads >= 7, $"{threads} processes");
    }

    [Theory]
    [InlineData("*")]
    [InlineData("[anon]")]
    [InlineData("*libc.so.6")]
    public void A_program_with_all_its_mappings_traced_from_the_first_instruction_on(string mappings)
    {
        long accesses = Compare(mappings, "/usr/bin/printf '%s %d %5.2f\\n' hello 42 1.5", "");
        Assert.True(accesses > 1000, $"{accesses} accesses");
    }

    [Fact]
    public void Redis_serves_a_benchmark_with_its_state_traced()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/redis-check-rdb") && File.Exists("/usr/bin/redis-benchmark"), "redis-tools is not installed");

        // One program under several names.
        string server = Path.Combine(_directory, "redis-server");
        File.CreateSymbolicLink(server, "/usr/bin/redis-check-rdb");
        string socket = Path.Combine(_directory, "socket");
        using RunningProgram redis = new("/bin/sh", "-c", $"exec {server} --port 0 --unixsocket {socket} --save '' --appendonly no --daemonize no 1>&2");
        redis.WaitForLine("eady to accept connections");
        using HaltpointServer trace = Attach(redis.Id, "--symbol", "server");
        using RunningProgram benchmark = new("redis-benchmark", "-s", socket, "-n", "8", "-c", "2", "-t", "set,get,lpush", "--csv");
        Assert.Equal(0, benchmark.WaitForEnd(out string rows, s_patience));
        Assert.True(rows.Split('\n').Length >= 4, rows);
        Assert.Equal("OK", Ask(socket, "set", "key", "value"));
        Assert.Equal("value", Ask(socket, "get", "key"));
        Assert.Equal("4", Ask(socket, "eval", "redis.call('rpush', 'list', 1, 2, 3, 4) return redis.call('llen', 'list')", "0"));
        Assert.Equal("", Ask(socket, "shutdown", "nosave"));
        Assert.Equal(0, redis.WaitForEnd(s_patience));
        AssertComplete(trace);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private long Compare(string mapping, string command, string before)
    {
        string alone = Shell($"{before}\n{command}", out _);
        string log = Path.Combine(_directory, "trace");
        string traced = Shell($"{before}\n{Paths.Haltpoint} trace --map '{mapping}' --values --output json --save {log} -- {command}", out string messages);
        Assert.NotEqual("", alone);
        Assert.Equal(alone, traced);
        Assert.Contains("the program ended with status 0", messages, StringComparison.Ordinal);
        JsonElement summary = Summary(log);
        Assert.Equal(0, summary.GetProperty("lost").GetInt64());
        Assert.Equal(File.ReadLines(log).LongCount() - 1, summary.GetProperty("accesses").GetInt64());
        return summary.GetProperty("accesses").GetInt64();
    }

    private string RunExamples(bool traced)
    {
        using RunningProgram python = new("/usr/bin/python3", "-c", Examples);
        python.WaitForLine("ready");
        using HaltpointServer? trace = traced ? Attach(python.Id, "--range", PartOfHeap(python.Id)) : null;
        python.Input.WriteLine();
        python.Input.Close();
        Assert.Equal(0, python.WaitForEnd(out string output, s_patience));
        if (trace is not null)
        {
            AssertComplete(trace);
        }

        return output;
    }

    private HaltpointServer Attach(int process, string option, string memory)
    {
        HaltpointServer trace = new(
            "trace", "--pid", process.ToString(CultureInfo.InvariantCulture), option, memory, "--output", "csv", "--save", Path.Combine(_directory, "trace"));
        trace.WaitForLine("tracing ");
        return trace;
    }

    private void AssertComplete(HaltpointServer trace)
    {
        trace.WaitForEnd(s_patience);
        Assert.Contains(trace.Errors, e => e.Contains("none lost", StringComparison.Ordinal));
        Assert.True(File.ReadLines(Path.Combine(_directory, "trace")).Take(1000).Count() == 1000, "hardly anything was traced");
    }

    // Some thousand accesses: all of it has a quarter of a million.
    private static string PartOfHeap(int process)
    {
        string heap = File.ReadLines($"/proc/{process}/maps").First(l => l.EndsWith("[heap]", StringComparison.Ordinal));
        ulong[] ends = [.. heap.Split(' ')[0].Split('-').Select(t => ulong.Parse(t, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        return string.Create(CultureInfo.InvariantCulture, $"0x{ends[0]:x}+{(ends[1] - ends[0]) / 40}");
    }

    private static string Ask(string socket, params string[] words)
    {
        using RunningProgram client = new("redis-cli", ["-s", socket, .. words]);
        client.WaitForEnd(out string output, s_patience);
        return output.Trim();
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_directory, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static string Shell(string script, out string messages)
    {
        using RunningProgram shell = new("sh", "-c", script);
        shell.Input.Close();
        shell.WaitForEnd(out string output, s_patience);
        messages = string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', shell.Errors)}");
        return output;
    }

    private static JsonElement Summary(string log) => JsonDocument.Parse(File.ReadLines(log).Last()).RootElement;
}
