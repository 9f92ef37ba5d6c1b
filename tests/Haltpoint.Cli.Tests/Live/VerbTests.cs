using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

public class VerbTests
{
    [Fact]
    public void Run_serves_a_program_on_loopback_only()
    {
        string program = Programs.Build("status");
        using HaltpointServer server = new("run", "--once", "--", program, "9");
        string port = server.Port();
        Assert.Contains($"0100007F:{int.Parse(port, CultureInfo.InvariantCulture):X4}", File.ReadAllText("/proc/net/tcp"), StringComparison.Ordinal);
        Assert.Contains("exited with code 011", Gdb.Run(program, $"target remote localhost:{port}", "continue"), StringComparison.Ordinal);
        Assert.Equal(0, server.WaitForEnd());
    }

    [Fact]
    public void Gdbserver_with_only_a_port_listens_on_every_interface()
    {
        using HaltpointServer server = new("gdbserver", ":0", Programs.Build("status"));
        string port = int.Parse(server.Port(), CultureInfo.InvariantCulture).ToString("X4", CultureInfo.InvariantCulture);
        string sockets = File.ReadAllText("/proc/net/tcp") + File.ReadAllText("/proc/net/tcp6");
        Assert.Contains($"00000000:{port}", sockets, StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_serves_a_running_process_that_runs_on_after_the_detach()
    {
        string program = Programs.Build("status");
        using RunningProgram target = new(program, "wait");
        target.WaitForLine("waiting");
        using HaltpointServer server = new("attach", target.Id.ToString(CultureInfo.InvariantCulture));
        string session = Gdb.Run(program, $"target remote localhost:{server.Port()}", "print counter", "break count", "detach");
        Assert.Contains("$1 = 1", session, StringComparison.Ordinal);
        Assert.Equal(0, server.WaitForEnd());
        target.Input.Write("x");
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());
    }

    [Fact]
    public void The_first_process_of_a_server_can_be_attached_to_in_non_stop_mode()
    {
        string program = Programs.Build("status");
        using RunningProgram target = new(program, "wait");
        target.WaitForLine("waiting");
        string session = Gdb.Run(program, "maintenance set target-non-stop on", $"target extended-remote | {Paths.Haltpoint} gdbserver --multi --once stdio",
            $"attach {target.Id}", "print counter", "print $rsp != 0", "detach");
        Assert.Contains("$1 = 1", session, StringComparison.Ordinal);
        Assert.Contains("$2 = 1", session, StringComparison.Ordinal);
    }

    [Fact]
    public void The_packet_log_has_both_directions_and_the_time()
    {
        string log = Path.GetTempFileName();
        string program = Programs.Build("status");
        Gdb.Run(program, $"target remote | {Paths.Haltpoint} run --listen stdio --log-packets {log} -- {program}", "continue");
        string[] lines = File.ReadAllLines(log);
        Assert.Contains(lines, line => line.Contains(" > $qSupported:", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" < $W00", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Matches(@"^\d+\.\d{6} [<>] ", line));
    }

    [Fact]
    public void Doctor_says_in_json_what_works()
    {
        using HaltpointServer doctor = new("doctor", "--json");
        Assert.Equal(0, doctor.WaitForEnd(out string output));
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.True(json.RootElement.GetProperty("able").GetBoolean());
        Assert.True(json.RootElement.GetProperty("debugRegisters").GetArrayLength() > 0);
    }

    [Fact]
    public void Self_tests_end_with_the_line_that_gdbs_suite_reads()
    {
        using HaltpointServer all = new("gdbserver", "--selftest");
        Assert.Equal(0, all.WaitForEnd(out string output));
        Assert.Matches(@"Ran [1-9]\d* unit tests, 0 failed", output);

        using HaltpointServer none = new("gdbserver", "--selftest=no-such-test");
        Assert.Equal(0, none.WaitForEnd(out output));
        Assert.Contains("Ran 0 unit tests, 0 failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_demo_names_function_line_thread_and_values()
    {
        using HaltpointServer demo = new("demo");
        Assert.Equal(0, demo.WaitForEnd(out string output));
        Assert.Matches(@"by function   store_samples\n", output);
        Assert.Matches(@"at            records\.c:20\n", output);
        Assert.Matches("in thread     \\d+ \"sampler-1\"\n", output);
        Assert.Matches(@"old value     2\n", output);
        Assert.Matches(@"new value     \d+\n", output);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Completion_scripts_ask_the_program(string shell)
    {
        using HaltpointServer completion = new("completion", shell);
        Assert.Equal(0, completion.WaitForEnd(out string output));
        Assert.Contains("[suggest:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("haltpoint gdbs", "gdbserver")]
    [InlineData("haltpoint gdbserver --no-", "--no-disable-randomization,--no-startup-with-shell")]
    [InlineData("haltpoint gdbserver --debug-", "--debug-file,--debug-format")]
    [InlineData("haltpoint attach --l", "--listen,--log-packets")]
    public void The_program_suggests_what_can_follow(string line, string words)
    {
        using HaltpointServer suggest = new($"[suggest:{line.Length}]", line);
        Assert.Equal(0, suggest.WaitForEnd(out string output));
        Assert.Equal(words.Split(','), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }
}
