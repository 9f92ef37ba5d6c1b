using System;
using Xunit;

namespace Haltpoint.Ring0.Tests;

/// <summary><c>haltpoint ring0</c>, as a person uses it.</summary>
public sealed class CommandTests
{
    [Fact]
    public void Run_prints_the_gdb_command_and_becomes_the_console()
    {
        string port = $"{FreePort.Find()}";
        using Machine machine = Machine.FromCommandLine("ring0", "run", "--cpus", "3", "--gdb", port);

        Assert.Contains($"gdb '{Machine.ImagePath}' -ex 'target remote 127.0.0.1:{port}'", machine.ReadErrorLine(), StringComparison.Ordinal);
        Assert.Contains(", 3 CPUs, ", machine.WaitForPrompt(), StringComparison.Ordinal);
        machine.Type("exit");
        Assert.Equal(0, machine.WaitForExit());
    }

    [Fact]
    public void Run_headless_prints_the_console()
    {
        using Machine machine = Machine.FromCommandLine("ring0", "run", "--headless", "--gdb", $"{FreePort.Find()}");

        Assert.Contains(", 4 CPUs, ", machine.WaitForPrompt(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cpus", "0", "'0' is no number from 1 to 64.")]
    [InlineData("--cpus", "65", "'65' is no number from 1 to 64.")]
    [InlineData("--gdb", "localhost", "'localhost' is no number from 1 to 65535.")]
    public void A_wrong_number_is_refused_in_one_line(string option, string word, string reason)
    {
        using Machine machine = Machine.FromCommandLine("ring0", "run", option, word);

        Assert.Equal($"haltpoint: {reason} Try 'haltpoint ring0 run --help'.", machine.ReadErrorLine());
        Assert.Null(machine.ReadErrorLine());
        Assert.NotEqual(0, machine.WaitForStatus());
    }

    [Fact]
    public void Gdb_starts_with_the_symbols_and_takes_options_of_its_own()
    {
        using Machine gdb = Machine.FromCommandLine(
            "ring0", "gdb", "--gdb", $"{FreePort.Find()}", "-batch", "-nx", "-ex", "info line Idle::Run");

        gdb.WaitFor("Threads/Idle.cs\"");
        gdb.WaitForStatus();
    }
}
