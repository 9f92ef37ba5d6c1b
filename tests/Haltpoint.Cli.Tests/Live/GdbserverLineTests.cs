using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>What the gdbserver verb prints and how it ends, under stock gdb. The lines are gdbserver's: IDEs read them.</summary>
public class GdbserverLineTests
{
    [Theory]
    [InlineData("3", "continue", "\nChild exited with status 3", 0)]
    [InlineData("wait", "detach", "Detaching from process PID", 0)]
    [InlineData("wait", "monitor exit", "Killing process(es): PID", 0)]
    public void The_end_of_the_session_is_told(string argument, string command, string line, int status)
    {
        using HaltpointServer server = new("gdbserver", "localhost:0", Programs.Build("status"), argument);
        server.Input.Close();
        string created = server.WaitForLine("created; pid = ");
        string process = created[(created.LastIndexOf(' ') + 1)..];
        Assert.Equal($"Process {Programs.Build("status")} created; pid = {process}", created);

        Gdb.Run(Programs.Build("status"), $"target remote localhost:{server.Port()}", command);

        Assert.Equal(status, server.WaitForEnd());
        Assert.Contains(server.Errors, error => error.StartsWith("Remote debugging from host 127.0.0.1, port ", StringComparison.Ordinal));
        Assert.Contains(line.Replace("PID", process, StringComparison.Ordinal), string.Join('\n', server.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_that_ends_the_program_is_named()
    {
        using HaltpointServer server = new("gdbserver", ":0", Programs.Build("status"), "abort");
        Gdb.Run(Programs.Build("status"), $"target remote :{server.Port()}", "continue", "continue");
        Assert.Equal(0, server.WaitForEnd());
        Assert.Equal("Child terminated with signal = 0x6 (SIGABRT)", server.Errors[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_reads_no_description_gets_the_registers_it_knows_and_can_write_them_together(bool is64Bit)
    {
        string program = is64Bit ? Programs.Build("status") : Programs.Build("status", "-m32");
        using HaltpointServer server = new("gdbserver", "--once", "localhost:0", program, "3");
        string session = Gdb.Run(
            program, "set remote target-features-packet off", "set remote set-register-packet off", $"target remote localhost:{server.Port()}",
            "print $ymm0", "set $xmm1.v4_int32[1] = 77", "maintenance flush register-cache", "print $xmm1.v4_int32[1]", "print $mxcsr", "continue");
        Assert.Contains("$1 = void", session, StringComparison.Ordinal);
        Assert.Contains("$2 = 77", session, StringComparison.Ordinal);
        Assert.Contains("$3 = [ IM DM ZM OM UM PM ]", session, StringComparison.Ordinal);
        Assert.Contains("exited with code 03", session, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_client_is_waited_for_again_and_the_next_one_finds_no_breakpoint_of_the_first()
    {
        using HaltpointServer server = new("gdbserver", "localhost:0", Programs.Build("status"), "5");
        string port = server.Port();
        Gdb.Run(Programs.Build("status"), $"target remote localhost:{port}", "break count", "continue", "set breakpoint always-inserted on", "disconnect");
        server.WaitForLine("Remote side has terminated connection.  GDBserver will reopen the connection.");
        Assert.Equal(port, server.Port());

        string second = Gdb.Run(Programs.Build("status"), $"target remote localhost:{port}", "monitor breakpoints", "print counter", "continue");
        Assert.DoesNotContain("software breakpoint", second, StringComparison.Ordinal);
        Assert.Contains("exited with code 05", second, StringComparison.Ordinal);
        Assert.Equal(0, server.WaitForEnd());
    }

    [Fact]
    public void Once_ends_with_its_client()
    {
        using HaltpointServer server = new("gdbserver", "--once", "localhost:0", Programs.Build("status"), "wait");
        Gdb.Run("", $"target remote localhost:{server.Port()}", "disconnect");
        Assert.Equal(0, server.WaitForEnd());
        Assert.Contains(server.Errors, line => line.StartsWith("Killing process(es): ", StringComparison.Ordinal));
    }

    [Fact]
    public void Multi_outlives_its_programs_until_it_is_told_to_exit()
    {
        string program = Programs.Build("status");
        using HaltpointServer server = new("gdbserver", "--multi", "localhost:0");
        string port = server.Port();
        string first = Gdb.Run(program, $"target extended-remote localhost:{port}", $"set remote exec-file {program}", "run 4", "run 6");
        Assert.Contains("exited with code 04", first, StringComparison.Ordinal);
        Assert.Contains("exited with code 06", first, StringComparison.Ordinal);
        Assert.Equal(port, server.Port());

        Gdb.Run(program, $"target extended-remote localhost:{port}", "monitor exit");
        Assert.Equal(0, server.WaitForEnd());
        Assert.Equal(2, server.Errors.Count(line => line.StartsWith("Child exited with status ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_restart_without_the_run_packet_stops_at_the_breakpoints()
    {
        string program = Programs.Build("status");
        using HaltpointServer server = new("gdbserver", "--once", "--multi", "localhost:0");
        string session = Gdb.Run(
            program, "set confirm off", $"target extended-remote localhost:{server.Port()}", $"set remote exec-file {program}", "break count", "run",
            "set remote run-packet off", "set remote exec-file", "run", "print counter", "continue");
        Assert.DoesNotContain("SIGTRAP", session, StringComparison.Ordinal);
        Assert.Contains("$1 = 0", session, StringComparison.Ordinal);
        Assert.Contains("exited normally", session, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_comes_after_a_fork_is_told_of_what_is_left()
    {
        string program = Programs.Build("forks");
        using HaltpointServer server = new("gdbserver", "--multi", "localhost:0");
        string address = $"localhost:{server.Port()}";
        Gdb.Run(
            program, "set confirm off", $"target extended-remote {address}", $"set remote exec-file {program}", "set detach-on-fork off",
            "set follow-fork-mode child", "break in_child", "run", "kill", "disconnect");
        server.Port();
        string second = Gdb.Run(program, "set confirm off", $"target extended-remote {address}", "info inferiors", "kill", "monitor exit");
        Assert.Matches(@"\* 1 +process \d+", second);
        Assert.DoesNotContain("timeout", second, StringComparison.Ordinal);
        Assert.Equal(0, server.WaitForEnd());
    }

    [Fact]
    public void Standard_streams_carry_the_protocol()
    {
        string program = Programs.Build("status");
        string session = Gdb.Run(program, $"target remote | {Paths.Haltpoint} gdbserver - {program} 7", "continue");
        Assert.Contains("Remote debugging using stdio", session, StringComparison.Ordinal);
        Assert.Contains("exited with code 07", session, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unix_socket_carries_the_protocol_and_is_removed_at_the_end()
    {
        string program = Programs.Build("status");
        string path = System.IO.Path.GetTempFileName() + ".socket";
        using HaltpointServer server = new("gdbserver", "--once", $"unix:{path}", program, "8");
        server.WaitForLine($"Listening on {path}");
        string session = Gdb.Run(program, $"target remote {path}", "continue");
        Assert.Contains("exited with code 010", session, StringComparison.Ordinal);
        Assert.Equal(0, server.WaitForEnd());
        Assert.False(System.IO.File.Exists(path));
    }

    [Fact]
    public void A_serial_line_carries_the_protocol()
    {
        string program = Programs.Build("status");
        using RunningProgram wire = new(Programs.Build("serial_line"));
        string serverEnd = wire.WaitForLine("line ")["line ".Length..];
        string clientEnd = wire.WaitForLine("line ")["line ".Length..];
        using HaltpointServer server = new("gdbserver", serverEnd, program, "6");
        server.WaitForLine($"Remote debugging using {serverEnd}");
        string session = Gdb.Run(program, $"target remote {clientEnd}", "break count", "continue", "delete", "continue");
        Assert.Contains("exited with code 06", session, StringComparison.Ordinal);
        server.WaitForLine("Child exited with status 6");
    }

    [Fact]
    public void A_client_that_talks_nonsense_harms_nobody()
    {
        string program = Programs.Build("status");
        using HaltpointServer server = new("gdbserver", "localhost:0", program, "2");
        string port = server.Port();
        using (Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            client.Connect(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));
            byte[] nonsense = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7919 >> 3)), .. "$m#6d$X0,ffffffff:#00$vCont;;;#ff"u8];
            client.Send(nonsense);
            client.Shutdown(SocketShutdown.Send);
            while (client.Receive(nonsense) > 0)
            {
            }
        }

        server.WaitForLine("Remote side has terminated connection.");
        Assert.Equal(port, server.Port());
        Assert.Contains("exited with code 02", Gdb.Run(program, $"target remote localhost:{port}", "continue"), StringComparison.Ordinal);
        Assert.Equal(0, server.WaitForEnd());
    }

    [Fact]
    public void A_wrapper_starts_the_program()
    {
        string program = Programs.Build("status");
        using HaltpointServer server = new("gdbserver", "--once", "--wrapper", "env", "HALTPOINT_TEST=wrapped", "--", "localhost:0", program);
        string session = Gdb.Run(program, $"target remote localhost:{server.Port()}", "break main", "continue", "print (char*)getenv(\"HALTPOINT_TEST\")", "kill");
        Assert.Contains("\"wrapped\"", session, StringComparison.Ordinal);
        server.WaitForEnd();
    }

    [Fact]
    public void A_shell_starts_the_program_unless_it_is_left_out()
    {
        string program = Programs.Build("status");
        using RunningProgram through = new("env", "SHELL=/bin/false", Paths.Haltpoint, "gdbserver", "--once", "localhost:0", program);
        Assert.Equal(1, through.WaitForEnd());
        Assert.Equal(["During startup program exited with code 1.", "Exiting"], through.Errors);

        using RunningProgram without = new("env", "SHELL=/bin/false", Paths.Haltpoint, "gdbserver", "--no-startup-with-shell", "localhost:0", program);
        without.WaitForLine("Listening on port ");
        without.Signal("TERM");
        without.WaitForEnd();
    }

    [Fact]
    public void Monitor_help_names_the_commands()
    {
        string session = Gdb.Run("", $"target remote | {Paths.Haltpoint} gdbserver - {Programs.Build("status")}", "monitor help", "monitor nonsense", "monitor threads", "monitor stats", "monitor exit");
        Assert.Contains("The following monitor commands are supported", session, StringComparison.Ordinal);
        Assert.Contains("Quit GDBserver", session, StringComparison.Ordinal);
        Assert.Contains("Unknown monitor command.", session, StringComparison.Ordinal);
        Assert.Contains("Protocol error with Rcmd", session, StringComparison.Ordinal);
        Assert.Contains("started, 1 threads", session, StringComparison.Ordinal);
        Assert.Matches(@"1 clients, \d+ stops, \d+ bytes received", session);
    }
}
