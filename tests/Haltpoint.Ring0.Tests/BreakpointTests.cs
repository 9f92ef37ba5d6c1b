using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests;

/// <summary>The kernel's breakpoints on the debug registers of the emulated processors: what <c>selftest</c> prints.</summary>
public sealed class BreakpointTests
{
    private const int ShortRun = 20_000;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_scenarios_of_Linux_are_granted_refused_and_fire_as_they_should(int cpus)
    {
        string said = RunAlone(cpus, "selftest scenarios");

        foreach (int slots in new[] { 1, 2, 4 })
        {
            for (int number = 1; number <= 9; number++)
            {
                string expected = slots < 3 && number is 6 or 9 ? "skipped" : "ok";
                Assert.Contains($"{expected}: H-{number} with {slots} slots", said, StringComparison.Ordinal);
            }
        }

        AssertAllPassed(23, said);
    }

    [Fact]
    public void Sets_of_CPUs_do_as_the_worked_runs_say_and_have_none_of_the_known_defects()
    {
        string said = RunAlone(2, "selftest masks");

        Assert.All(["A-113", "A-114", "A-115", "A-116 a", "A-116 b, c", "A-116 d", "A-116 e, f"], name => Assert.Contains($"ok: {name}", said, StringComparison.Ordinal));
        AssertAllPassed(7, said);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_hit_comes_once_and_where_it_should(int cpus) => AssertAllPassed(6, RunAlone(cpus, "selftest hits"));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Threads_see_their_own_accesses_and_all_of_them_wherever_they_run(int cpus) => AssertAllPassed(1, RunAlone(cpus, "selftest switches"));

    [Fact]
    public void A_CPU_that_comes_online_later_has_what_is_asked_of_it()
    {
        using Machine machine = new(3, "exit-on-panic late-cpu");
        machine.WaitForPrompt();
        Assert.Contains("2   ", machine.Run("cpus"), StringComparison.Ordinal);

        AssertAllPassed(1, machine.Run("selftest late"));
        AssertAllPassed(23, machine.Run("selftest scenarios"));
    }

    [Fact]
    public void Random_requests_are_granted_exactly_when_they_fit()
    {
        int operations = int.Parse(Environment.GetEnvironmentVariable("HALTPOINT_RANDOM_OPERATIONS") ?? $"{ShortRun}", CultureInfo.InvariantCulture);

        string said = RunAlone(4, $"selftest random {operations}");

        Match counts = Regex.Match(said, @"(\d+) granted, (\d+) refused");
        Assert.InRange(int.Parse(counts.Groups[1].Value, CultureInfo.InvariantCulture), operations / 10, operations);
        AssertAllPassed(1, said);
    }

    private static string RunAlone(int cpus, string line)
    {
        using Machine machine = new(cpus, "exit-on-panic");
        machine.WaitForPrompt();
        return machine.Run(line);
    }

    private static void AssertAllPassed(int count, string said)
    {
        Assert.DoesNotContain("not so", said, StringComparison.Ordinal);
        Assert.Contains($"selftest: {count} passed, 0 failed", said, StringComparison.Ordinal);
        Assert.Equal(count, said.Split('\n').Count(l => l.StartsWith("ok: ", StringComparison.Ordinal)));
    }
}
