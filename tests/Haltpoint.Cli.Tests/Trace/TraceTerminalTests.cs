using System;
using System.IO;
using System.Linq;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>The live view of a trace, on a terminal that script(1) makes.</summary>
public class TraceTerminalTests
{
    private const string CtrlC = "\u0003";

    [Fact]
    public void The_live_view_shows_rate_offsets_and_lines_and_Ctrl_C_lets_the_process_run_on()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script is not installed");
        using RunningProgram target = new(Programs.Build("steady"));
        target.WaitForLine("waiting");
        string session = $"trap : INT; stty cols 160 rows 50; {Paths.Haltpoint} trace --symbol level --values --pid {target.Id}; echo status=$?";
        using RunningProgram terminal = new("sh", "-c", "TERM=xterm SHELL=/bin/sh exec script -qfec \"$1\" /dev/null >&2", "sh", session);

        string rate = terminal.WaitForLine("per second");
        while (rate.Contains(" 0 per second", StringComparison.Ordinal))
        {
            rate = terminal.WaitForLine("per second");
        }

        Assert.Matches(@"[\d,]+ accesses, [\d,]+ per second, 0 reads, [\d,]+ writes", rate);
        terminal.WaitForLine("last value");
        Assert.Matches(@" 0x0 +level ", terminal.WaitForLine("0x0"));
        int each = 1 + File.ReadLines(Paths.InRepository("tests/Tracees/steady.c")).TakeWhile(l => !l.Contains("line: each", StringComparison.Ordinal)).Count();
        Assert.Contains("%", terminal.WaitForLine($"steady.c:{each}"), StringComparison.Ordinal);

        terminal.Input.Write(CtrlC);
        terminal.Input.Flush();
        terminal.WaitForLine("none lost");
        Assert.Contains("status=0", terminal.WaitForLine("status="), StringComparison.Ordinal);
        terminal.Input.Close();
        terminal.WaitForEnd();
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());
    }
}
