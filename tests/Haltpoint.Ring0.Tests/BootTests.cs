using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests;

public sealed class BootTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(64)]
    public void One_image_brings_up_every_CPU_that_the_tables_name(int cpus)
    {
        using Machine machine = new(cpus);

        string log = machine.WaitForPrompt();
        string list = machine.Run("cpus");

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $", {cpus} CPUs, "), log, System.StringComparison.Ordinal);
        Assert.DoesNotContain("does not answer", log, System.StringComparison.Ordinal);
        int[] online = [.. Regex.Matches(list, @"^ *(\d+) +\d+ online ", RegexOptions.Multiline).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(Enumerable.Range(0, cpus), online);
    }

    [Fact]
    public void A_CPU_beyond_the_most_that_it_takes_is_left_out_and_said_so()
    {
        using Machine machine = new(66);

        string log = machine.WaitForPrompt();

        Assert.Contains(", 64 CPUs, ", log, System.StringComparison.Ordinal);
        Assert.Contains("2 CPUs more stay off", log, System.StringComparison.Ordinal);
    }

    [Fact]
    public void The_shell_ends_the_emulator()
    {
        using Machine machine = new();
        machine.WaitForPrompt();

        machine.Type("exit");

        Assert.Equal(0, machine.WaitForExit());
    }
}
