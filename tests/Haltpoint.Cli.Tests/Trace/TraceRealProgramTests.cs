using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>Programs that nobody here wrote put out the same with their memory traced as without.</summary>
/// <remarks>HALTPOINT_LONG_TRACE=1 adds the heap of a Python that runs a test module, which takes minutes.</remarks>
public sealed class TraceRealProgramTests : IDisposable
{
    private const string Sql = """
        create table t(a integer primary key, b text, c real);
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 30) insert into t select i, 'row ' || i, i / 3.0 from n;
        create index byb on t(b);
        update t set b = upper(b) where a % 3 = 0;
        delete from t where a between 10 and 15;
        select count(*), sum(a), round(avg(c), 3) from t;
        select a, b from t order by b desc limit 5;
        pragma integrity_check;
        """;

    // Memory that is read and written by instructions of every kind, and handed to the kernel.
    private const string Python = """
        import hashlib, mmap, os, re, struct, sys, zlib
        with open(sys.argv[1], 'r+b') as file:
            memory = mmap.mmap(file.fileno(), 0)
            print(len(re.findall(rb'line \d+', memory)), memory.find(b'line 99'), zlib.crc32(memory), hashlib.sha256(memory).hexdigest())
            for i in range(64):
                struct.pack_into('<QdH', memory, 64 * i, i * 12345, i / 7, i)
            print([struct.unpack_from('<QdH', memory, 64 * i) for i in range(3)])
            memory.move(6144, 0, 4096)
            memory[100:110] = memory[200:210]
            print(os.write(1, memoryview(memory)[8000:8040]), memory.rfind(b'line'), bytes(memory[6144:6160]))
            reader, writer = os.pipe()
            os.write(writer, memoryview(memory)[4096:4200])
            print(os.readv(reader, [memoryview(memory)[5000:5050], memoryview(memory)[6000:6054]]), bytes(memory[5000:5020]))
            memory.flush()
            print(hashlib.md5(memory).hexdigest())
        """;

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
        string text = Write("text", string.Concat(Enumerable.Range(0, 1200).Select(i => $"line {i}\n")));
        string data = Path.Combine(_directory, "data");
        long accesses = Compare(data, $"/usr/bin/python3 -S -E {script} {data}", $"cp {text} {data}");
        Assert.True(accesses > 1000, $"{accesses} accesses");
    }

    [Fact]
    public void Python_runs_a_test_module_with_its_heap_traced()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("HALTPOINT_LONG_TRACE") is "1", "takes minutes: HALTPOINT_LONG_TRACE=1 runs it");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        string script = Write("test.py", "import doctest, textwrap\nprint(textwrap.wrap('some words to be wrapped into lines', 10), doctest.testmod(textwrap))\n");
        long accesses = Compare("[heap]", $"/usr/bin/python3 -S -E {script}", "");
        Assert.True(accesses > 1_000_000, $"{accesses} accesses");
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
    public void Redis_serves_the_same_with_its_state_traced()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/redis-server") && File.Exists("/usr/bin/redis-cli"), "redis-server is not installed");
        string commands = Write("commands", string.Concat(Enumerable.Range(0, 20).Select(i => $"set k{i} {i}\nincr k{i}\nlpush l {i}\n")) + "lrange l 0 -1\ndbsize\nshutdown nosave\n");
        string socket = Path.Combine(_directory, "redis.sock");
        string server = $"redis-server --port 0 --unixsocket {socket} --save '' --daemonize no --dir {_directory} --logfile {_directory}/log";
        string client = $"while ! redis-cli -s {socket} ping >/dev/null 2>&1; do :; done; redis-cli -s {socket} <{commands}";
        string alone = Shell($"{server} & {client}; wait", out _);
        string log = Path.Combine(_directory, "trace");
        string traced = Shell($"{Paths.Haltpoint} trace --symbol server --values --output json --save {log} -- {server} & {client}; wait", out string messages);
        Assert.Equal(alone, traced);
        Assert.Contains("the program ended with status 0", messages, StringComparison.Ordinal);
        Assert.True(Summary(log).GetProperty("accesses").GetInt64() > 1000);
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
        shell.WaitForEnd(out string output);
        messages = string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', shell.Errors)}");
        return output;
    }

    private static JsonElement Summary(string log) => JsonDocument.Parse(File.ReadLines(log).Last()).RootElement;
}
