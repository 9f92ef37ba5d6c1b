using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>The commands of docs/trace.md as they stand there; behind '#' is what each shows. And the sample.</summary>
public class TraceExamplesTests
{
    private const string Command = "./haltpoint trace ";

    public static IEnumerable<TheoryDataRow<string>> Examples() =>
        File.ReadLines(Paths.InRepository("docs/trace.md"))
            .Where(l => l.StartsWith(Command, StringComparison.Ordinal) && l.Contains(" # ", StringComparison.Ordinal))
            .Select(l => new TheoryDataRow<string>(l));

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_documented_example_shows_what_the_page_says(string line)
    {
        string program = line.Split(" -- ")[1].Split(' ')[0];
        Assert.SkipUnless(File.Exists("/usr/bin/" + program), $"{program} is not installed");
        Assert.SkipUnless(Directory.Exists("/usr/lib/debug/.build-id"), "libc6-dbg is not installed");
        using RunningProgram shell = new("sh", "-c", $"exec {Paths.Haltpoint} trace {line[Command.Length..]}");
        shell.WaitForEnd(out string output);
        Assert.Contains(line.Split(" # ")[1].Trim(), output + string.Join('\n', shell.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_prints_accesses_and_lets_the_process_go_at_Ctrl_C()
    {
        string sample = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!)!, "bin/TraceProcess/release/TraceProcess");
        Assert.SkipUnless(File.Exists(sample), $"{sample} was not built");
        using RunningProgram target = new("sh", "-c", $"exec {Programs.Build("trapped")} 0 2 shared 1 20");
        target.WaitForLine("0x");
        using RunningProgram trace = new("sh", "-c", $"exec env --default-signal=INT {sample} {target.Id} '*zero*' >&2");
        trace.WaitForLine("tracing");
        target.Input.Write("x");
        target.Input.Flush();
        target.WaitForLine("20 60");

        // What was not printed by then is not wanted any more.
        Assert.EndsWith($"trapped.c:{TracedProgram.Line("\"=m\"(*mine)")}", trace.WaitForLine("trapped Write /dev/zero+0x1008 width 8: 0x3c by hammer"), StringComparison.Ordinal);
        trace.Signal("INT");
        Assert.Equal(0, trace.WaitForEnd());
        Assert.Contains($"20 accesses by hammer trapped.c:{TracedProgram.Line("lock incq")}", trace.Errors);
        target.Input.Write("x");
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());
    }
}
