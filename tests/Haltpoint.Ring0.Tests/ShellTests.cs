using System;
using System.Linq;
using Xunit;

namespace Haltpoint.Ring0.Tests;

public sealed class ShellTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 40)]
    public void Threads_start_run_side_by_side_and_end(int cpus, int threads)
    {
        using Machine machine = new(cpus);
        machine.WaitForPrompt();

        Assert.Contains($"{threads} threads started, {threads} running", machine.Run($"load {threads}"), StringComparison.Ordinal);
        Assert.Equal(threads, CountLoad(machine.Run("ps")));

        // The sum is of all rounds of all threads, and each checked its own registers.
        string end = machine.Run("stop");
        Assert.Matches("no load, [1-9][0-9]*00 steps done", end);
        Assert.Equal(0, CountLoad(machine.Run("ps")));
    }

    [Fact]
    public void A_load_beyond_the_table_starts_what_fits()
    {
        using Machine machine = new(2);
        machine.WaitForPrompt();

        // Of 256, two are idle threads and one is the shell.
        Assert.Contains("253 threads started", machine.Run("load 999"), StringComparison.Ordinal);
        Assert.Contains("no load", machine.Run("stop"), StringComparison.Ordinal);
        Assert.Contains("4 threads started, 4 running", machine.Run("load 4"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_NMI_reaches_every_CPU_and_what_it_interrupted_goes_on()
    {
        using Machine machine = new(4);
        machine.WaitForPrompt();
        machine.Run("load 8");

        for (int i = 0; i < 20; i++)
        {
            Assert.Contains("4 of 4 CPUs took it", machine.Run("nmi"), StringComparison.Ordinal);
        }

        Assert.Contains("no load", machine.Run("stop"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_kernel_said_can_be_read_again()
    {
        using Machine machine = new();
        string said = machine.WaitForPrompt().Split('\n')[0];

        Assert.Contains(said, machine.Run("dmesg"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "no command 'nonsense': help says what there is")]
    [InlineData("load", "load N: how many threads?")]
    [InlineData("load x1", "load N: how many threads?")]
    [InlineData("help", "panic    the end, with a backtrace")]
    public void A_line_gets_its_answer(string line, string answer)
    {
        using Machine machine = new();
        machine.WaitForPrompt();

        Assert.Contains(answer, machine.Run(line), StringComparison.Ordinal);
    }

    private static int CountLoad(string list) => list.Split('\n').Count(l => l.Contains(" load  ", StringComparison.Ordinal));
}
