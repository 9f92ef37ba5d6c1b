using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
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
    [InlineData("TERM", false)]
    [InlineData("INT", true)]
    [InlineData("detach", false)]
    [InlineData("loss", false)]
    public void However_the_session_ends_the_process_is_as_it_was(string end, bool isStopped)
    {
        string program = Programs.Build("status");
        using RunningProgram target = new(program, "wait");
        target.WaitForLine("waiting");
        WaitForState(target.Id, "S (sleeping)");
        if (isStopped)
        {
            target.Signal("STOP");
            WaitForState(target.Id, "T (stopped)");
        }

        byte[] code = Code(target.Id);
        string status = StatusLines(target.Id);
        using HaltpointServer server = new("gdbserver", "--once", "--attach", "localhost:0", target.Id.ToString(CultureInfo.InvariantCulture));
        using RunningProgram gdb = new(
            "gdb", "-q", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set sysroot /", program, "-ex", "set breakpoint always-inserted on",
            "-ex", $"target remote localhost:{server.Port()}", "-ex", "break count", "-ex", "watch counter", "-ex", "monitor set remote-debug 1",
            "-ex", end == "detach" ? "detach" : "continue");
        if (end != "detach")
        {
            server.WaitForLine("> $vCont;c");
            Assert.NotEqual(code, Code(target.Id));
            (end == "loss" ? gdb : server).Signal(end == "loss" ? "KILL" : end);
        }

        server.WaitForEnd();
        WaitForState(target.Id, isStopped ? "T (stopped)" : "S (sleeping)");
        Assert.Equal(code, Code(target.Id));
        Assert.Equal(status, StatusLines(target.Id));
        target.Signal("CONT");

        // It would be killed by SIGTRAP at the first trap or armed register that was left.
        target.Input.Write("xx");
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());
    }

    /// <summary>The program's own code, and of its libraries what is in memory.</summary>
    private static byte[] Code(int process)
    {
        using FileStream memory = new($"/proc/{process}/mem", FileMode.Open, FileAccess.Read);
        using MemoryStream code = new();
        foreach (string line in File.ReadLines($"/proc/{process}/maps"))
        {
            string[] words = line.Split(' ', 3);
            if (words[1].Contains('x', StringComparison.Ordinal) && !line.EndsWith(']'))
            {
                string[] range = words[0].Split('-');
                long start = long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                byte[] bytes = new byte[long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start];
                memory.Seek(start, SeekOrigin.Begin);
                memory.ReadExactly(bytes);
                code.Write(bytes);
            }
        }

        return code.ToArray();
    }

    private static string StatusLines(int process) => string.Join('\n', File.ReadLines($"/proc/{process}/status").Where(line =>
        (line.StartsWith("Sig", StringComparison.Ordinal) && !line.StartsWith("SigQ", StringComparison.Ordinal)) || line.StartsWith("ShdPnd", StringComparison.Ordinal) || line.StartsWith("TracerPid", StringComparison.Ordinal)));

    private static void WaitForState(int process, string state)
    {
        while (StateOf(process) != state)
        {
            Assert.NotEqual("", StateOf(process));
            Thread.Yield();
        }
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
