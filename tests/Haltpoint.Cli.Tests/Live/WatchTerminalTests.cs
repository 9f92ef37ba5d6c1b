using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>The live view, on a terminal that script(1) makes.</summary>
public class WatchTerminalTests
{
    private const string CtrlC = "\u0003";
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";

    [Fact]
    public void The_live_view_shows_rate_writers_and_losses_and_Ctrl_C_gives_the_terminal_back()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script is not installed");
        using RunningProgram target = new(Programs.Build("steady"));
        target.WaitForLine("waiting");
        string id = target.Id.ToString(CultureInfo.InvariantCulture);
        // Ctrl-C goes to the shell too, and one without a trap of its own would end by it before it prints what comes after.
        string session = $"trap : INT; stty cols 160 rows 50; echo before=$(stty -g); {Paths.Haltpoint} watch level --pid {id}; echo status=$?; echo after=$(stty -g)";
        // The terminal's output goes where it can be read as it comes.
        using RunningProgram terminal = new("sh", "-c", "TERM=xterm SHELL=/bin/sh exec script -qfec \"$1\" /dev/null >&2", "sh", session);

        string before = terminal.WaitForLine("before=").Split('=')[1];
        string rate = terminal.WaitForLine("per second");
        while (!IsCounting(rate))
        {
            rate = terminal.WaitForLine("per second");
        }

        Assert.Contains(", 0 lost", rate, StringComparison.Ordinal);
        int each = 1 + File.ReadLines(Paths.InRepository("tests/Tracees/steady.c")).TakeWhile(l => !l.Contains("line: each", StringComparison.Ordinal)).Count();
        Assert.Contains("%", terminal.WaitForLine($"steady.c:{each}"), StringComparison.Ordinal);
        terminal.WaitForLine("▁");

        terminal.Input.Write(CtrlC);
        terminal.Input.Flush();
        terminal.WaitForLine("none lost");
        Assert.Contains("status=0", terminal.WaitForLine("status="), StringComparison.Ordinal);
        Assert.Equal(before, terminal.WaitForLine("after=").Split('=')[1]);
        string all = string.Join('\n', terminal.Errors);
        Assert.Contains(HideCursor, all, StringComparison.Ordinal);
        Assert.True(all.LastIndexOf(ShowCursor, StringComparison.Ordinal) > all.LastIndexOf(HideCursor, StringComparison.Ordinal));
        terminal.Input.Close();
        terminal.WaitForEnd();
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());
    }

    // "1,234 hits, 900 per second, 0 lost"
    private static bool IsCounting(string line)
    {
        string[] words = line.Split(' ');
        int at = Array.IndexOf(words, "per");
        return at > 0 && words[at - 1] != "0";
    }
}
