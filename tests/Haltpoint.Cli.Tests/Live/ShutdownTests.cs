using System;
using System.Globalization;
using System.IO;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>The end of the server leaves what it attached to running and what it started dead.</summary>
public class ShutdownTests
{
    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public void A_signal_lets_an_attached_process_go_on(string signal, int status)
    {
        using RunningProgram target = new(Programs.Build("status"), "wait");
        target.WaitForLine("waiting");
        string process = target.Id.ToString(CultureInfo.InvariantCulture);
        using HaltpointServer server = new("attach", process);
        server.Port();
        Assert.Equal("t (tracing stop)", StateOf(target.Id));

        server.Signal(signal);
        Assert.Equal(status, server.WaitForEnd());
        Assert.Equal($"Detaching process(es): {process}", server.Errors[^1]);
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());
    }

    [Fact]
    public void A_signal_ends_a_started_process()
    {
        using HaltpointServer server = new("run", "--", Programs.Build("status"), "wait");
        string created = server.WaitForLine("created; pid = ");
        string process = created[(created.LastIndexOf(' ') + 1)..];
        server.Port();
        server.Signal("TERM");
        Assert.Equal(143, server.WaitForEnd());
        Assert.Equal($"Killing process(es): {process}", server.Errors[^1]);
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_while_gdb_waits_for_a_stop_takes_the_breakpoints_out(string signal)
    {
        string program = Programs.Build("status");
        using RunningProgram target = new(program, "wait");
        target.WaitForLine("waiting");
        using HaltpointServer server = new("attach", target.Id.ToString(CultureInfo.InvariantCulture));
        using RunningProgram gdb = new(
            "gdb", "-q", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set sysroot /", program,
            "-ex", $"target remote localhost:{server.Port()}", "-ex", "break count", "-ex", "watch counter", "-ex", "echo \\n", "-ex", "monitor set remote-debug 1", "-ex", "continue");
        server.WaitForLine("> $vCont;c");
        server.Signal(signal);
        server.WaitForEnd();

        // It would be killed by SIGTRAP at the first trap that was left.
        target.Input.Write("xx");
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());
    }

    private static string StateOf(int process)
    {
        foreach (string line in File.ReadLines($"/proc/{process}/status"))
        {
            if (line.StartsWith("State:", StringComparison.Ordinal))
            {
                return line["State:".Length..].Trim();
            }
        }

        return "";
    }
}
