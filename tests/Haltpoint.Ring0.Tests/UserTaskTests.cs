using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests;

/// <summary>Programs in user mode: what they print and how they end.</summary>
public sealed class UserTaskTests
{
    [Fact]
    public void A_program_gets_its_words_and_gives_its_status()
    {
        using Machine machine = Start(1);

        Assert.Contains("hello from hello, world\n", Unix(machine.Run("run hello world")), StringComparison.Ordinal);
        Assert.Contains("hello ended with status 2", machine.Run("run hello"), StringComparison.Ordinal);
        Assert.Contains("no program 'nobody'", machine.Run("run nobody"), StringComparison.Ordinal);
        Assert.Contains("hello\n", Unix(machine.Run("run")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Programs_fork_become_others_end_and_are_ended_for_their_mistakes(int cpus)
    {
        using Machine machine = Start(cpus);
        string before = machine.Run("ps");

        for (int i = 0; i < 3; i++)
        {
            string said = machine.Run("run family");
            AssertOk(said, "fork, exit, wait", "exec", "mistakes");
            Assert.Contains("family ended with status 0", said, StringComparison.Ordinal);
        }

        Assert.Equal(before.Split('\n').Length, machine.Run("ps").Split('\n').Length);
    }

    [Fact]
    public void The_debug_registers_of_a_traced_task_are_those_of_the_vectors()
    {
        string[] cases = [.. File.ReadLines(VectorFile()).Where(l => l.StartsWith("case ", StringComparison.Ordinal)).Select(l => l["case ".Length..])];
        using Machine machine = Start(2);

        string said = machine.Run("run registers");

        AssertOk(said, cases);
        Assert.Contains("registers ended with status 0", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_traced_task_is_stopped_by_what_its_debug_registers_say(int cpus)
    {
        using Machine machine = Start(cpus);

        string said = machine.Run("run watched");

        AssertOk(said, "H-22, C-8", "C-7", "C-9", "A-96, C-16", "A-31, C-16", "A-99, C-17", "A-4, A-102", "A-90, C-19", "A-89, C-19", "ten tasks");
        Assert.Contains("watched ended with status 0", said, StringComparison.Ordinal);

        // All that was taken has been given back: this refuses to begin otherwise.
        Assert.Contains("selftest: 6 passed, 0 failed", machine.Run("selftest hits"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void NMIs_at_any_point_of_the_way_in_and_out_do_no_harm(int cpus)
    {
        using Machine machine = Start(cpus);

        string said = machine.Run("selftest entries");

        Assert.Contains("selftest: 1 passed, 0 failed", said, StringComparison.Ordinal);
    }

    private static Machine Start(int cpus)
    {
        Machine machine = new(cpus, "exit-on-panic");
        machine.WaitForPrompt();
        return machine;
    }

    private static void AssertOk(string said, params string[] names)
    {
        string[] lines = Unix(said).Split('\n');
        foreach (string name in names)
        {
            Assert.True(lines.Any(l => l.StartsWith($"ok: {name}", StringComparison.Ordinal)), $"no \"ok: {name}\" in:\n{said}");
        }

        Assert.DoesNotMatch("FAILED|not so", said);
    }

    private static string Unix(string text) => Regex.Replace(text, "\r+\n", "\n");

    private static string VectorFile()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string path = Path.Combine(directory.FullName, "tests", "Vectors", "ptrace-debug-registers.txt");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("ptrace-debug-registers.txt");
    }
}
