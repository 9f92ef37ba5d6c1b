using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary><c>haltpoint trace --pid</c>, what it says no to, and that the process never minds.</summary>
public sealed class TraceAttachTests : IDisposable
{
    private const int Count = 50;

    private readonly RunningProgram _target = new("sh", "-c", $"exec {Programs.Build("trapped")} 0 2 data 1 {Count}");
    private readonly string _address;

    public TraceAttachTests() => _address = _target.WaitForLine("0x");

    public static TheoryData<string, string> Refusals => new()
    {
        { "--range 0x10+8", "address 0x10 is not mapped in process PID; /proc/PID/maps lists what is" },
        { "--range ADDRESS+0x7000000", "address 0x[0-9a-f]+ is not mapped in process PID" },
        { "--range 0xffffffffff600000+8", @"\[vsyscall\] belongs to the kernel" },
        { "--map [vdso]", @"\[vdso\] belongs to the kernel, which maps it into every process: it cannot be traced" },
        { "--map [vvar]", @"\[vvar\] belongs to the kernel" },
        { "--map [stak]", @"no mapping of process PID matches '\[stak\]'; nearest: \[stack\]" },
        { "--map nosuch.bin", "no mapping of process PID matches 'nosuch.bin'" },
        { "--symbol nosuch", "no variable 'nosuch' in trapped or its libraries" },
        { "--symbol in_dat", "no variable 'in_dat' in trapped or its libraries; nearest: in_data" },
        { "--symbol in@data:", "--symbol, character 9: symbol, symbol\\+8, file.c:variable or library.so:symbol is expected" },
        { "--symbol :in_data", "--symbol, character 1: symbol, " },
        { "--symbol 0x1000", "--symbol, character 1: symbol, .* --range 0x1000\\+LENGTH is for addresses" },
        { "--range zz+8", "--range, character 1: START\\+LENGTH is expected" },
        { "--range 0x1000+zz", "--range, character 8: START\\+LENGTH is expected" },
        { "--range 0x1000", "--range, character 7: START\\+LENGTH is expected" },
        { "--range ADDRESS+0", "--range, character 16: START\\+LENGTH is expected" },
        { "--map a --range 0x1000+1", "give one of --map, --range and --symbol" },
        { "--map a --access q", "--access q is none of r, w and rw" },
        { "--symbol in_data --save /nosuch/file", "--save /nosuch/file cannot be written: .*" },
        { "--symbol in_data --report /nosuch/file", "--report /nosuch/file cannot be written: .*" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_traced_is_one_line_and_leaves_the_process_alone(string options, string message)
    {
        string id = _target.Id.ToString(CultureInfo.InvariantCulture);
        string[] words = options.Replace("ADDRESS", _address, StringComparison.Ordinal).Split(' ');
        AssertRefused(["trace", "--pid", id, .. words], message.Replace("PID", id, StringComparison.Ordinal));
        Finish();
    }

    [Fact]
    public void A_range_of_a_running_process_is_traced_and_the_rest_of_its_page_is_not()
    {
        using RunningProgram trace = Start("--range", $"{_address}+8", "--output", "json", "--values");
        trace.WaitForLine("tracing");
        Finish();
        Assert.Equal(0, trace.WaitForEnd(out string output));
        List<JsonElement> lines = TracedProgram.Objects(output);
        Assert.Equal(Count + 1, lines.Count - 1);
        Assert.All(lines[..^1], l => Assert.Equal(_address, l.GetProperty("address").GetString()));
        Assert.Equal(Enumerable.Range(1, Count), lines[..^2].Select(l => l.GetProperty("value").GetInt32()));
    }

    [Fact]
    public void After_so_many_accesses_the_process_runs_on_alone()
    {
        using RunningProgram trace = Start("--symbol", TracedProgram.Variable, "--hits", "10", "--output", "json");
        trace.WaitForLine("tracing");
        _target.Input.Write("x");
        _target.Input.Flush();
        Assert.Equal(0, trace.WaitForEnd(out string output));
        Assert.Equal(10, TracedProgram.Objects(output).Count - 1);
        Assert.Equal($"{Count} {3 * Count}", _target.WaitForLine(" "));
        AssertAlone();
        _target.Input.Write("x");
        _target.Input.Close();
        Assert.Equal(0, _target.WaitForEnd());
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_ends_the_trace_and_not_the_process(string signal)
    {
        using RunningProgram trace = Start("--symbol", TracedProgram.Variable, "--output", "csv");
        trace.WaitForLine("tracing");
        trace.Signal(signal);
        Assert.Equal(0, trace.WaitForEnd());
        AssertAlone();
        Finish();
    }

    [Fact]
    public void Another_tracer_is_named()
    {
        using RunningProgram first = Start("--symbol", TracedProgram.Variable);
        first.WaitForLine("tracing");
        using RunningProgram second = Start("--symbol", TracedProgram.Variable);
        Assert.NotEqual(0, second.WaitForEnd());
        Assert.Contains($"it is being debugged by process {first.Id} (haltpoint)", Assert.Single(second.Errors), StringComparison.Ordinal);
        first.Signal("INT");
        Assert.Equal(0, first.WaitForEnd());
        Finish();
    }

    [Fact]
    public void A_process_that_is_not_there_is_one_line()
    {
        // Above the largest number a process can have (proc(5), pid_max).
        AssertRefused(["trace", "--pid", "4194305", "--map", "[heap]"], "No such process");
        Finish();
    }

    [Fact]
    public void Without_permission_it_is_one_line()
    {
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"), "needs root, to become somebody else");
        using RunningProgram probe = new("setpriv", "--reuid=65534", "--clear-groups", "test", "-x", Paths.Haltpoint);
        Assert.SkipUnless(probe.WaitForEnd() == 0, "nobody else may execute haltpoint where it is");
        using RunningProgram trace = new(
            "setpriv", "--reuid=65534", "--clear-groups", Paths.Haltpoint, "trace", "--pid", $"{_target.Id}", "--symbol", TracedProgram.Variable);
        Assert.NotEqual(0, trace.WaitForEnd());
        Assert.Matches("(?i)^haltpoint: .*(permitted|permission|not allowed)", Assert.Single(trace.Errors));
        AssertAlone();
        Finish();
    }

    [Fact]
    public void Code_is_refused()
    {
        string code = File.ReadLines($"/proc/{_target.Id}/maps").First(l => l.Contains(" r-xp ", StringComparison.Ordinal)).Split('-')[0];
        AssertRefused(["trace", "--pid", $"{_target.Id}", "--range", $"0x{code}+8"], "trapped at 0x[0-9a-f]+ holds code, of which each instruction would be an access");
        Finish();
    }

    [Fact]
    public void A_process_without_room_is_left_as_it_was()
    {
        // RLIMIT_AS: no more address space than it has, so that what page traps need is not to be had.
        using RunningProgram limit = new("prlimit", "--as=8388608", "--pid", $"{_target.Id}");
        Assert.Equal(0, limit.WaitForEnd());
        AssertRefused(["trace", "--pid", $"{_target.Id}", "--symbol", TracedProgram.Variable], "no room");
        Finish();
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_refused_before_the_program_is_started()
    {
        string mark = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        AssertRefused(["trace", "--map", "a", "--save", "/nosuch/file", "--", "touch", mark], "--save /nosuch/file cannot be written");
        Assert.False(File.Exists(mark));
        Finish();
    }

    public void Dispose() => _target.Dispose();

    private RunningProgram Start(params string[] options) => new(Paths.Haltpoint, ["trace", "--pid", $"{_target.Id}", .. options]);

    private void AssertRefused(string[] arguments, string message)
    {
        using RunningProgram trace = new(Paths.Haltpoint, arguments);
        Assert.NotEqual(0, trace.WaitForEnd(out string output));
        Assert.Equal("", output);
        Assert.Matches($"^haltpoint: .*{message}", Assert.Single(trace.Errors));
        AssertAlone();
    }

    private void AssertAlone() => Assert.Contains("TracerPid:\t0", File.ReadAllText($"/proc/{_target.Id}/status"), StringComparison.Ordinal);

    // It is in the middle of a read, and everything of it is still to come.
    private void Finish()
    {
        _target.Input.Write("xx");
        _target.Input.Close();
        Assert.Equal($"{Count} {3 * Count}", _target.WaitForLine(" "));
        Assert.Equal(0, _target.WaitForEnd());
    }
}
