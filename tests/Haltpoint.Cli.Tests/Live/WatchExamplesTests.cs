using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>The commands of docs/watch.md on programs of the distribution, as they stand there; behind '#' is what each finds.</summary>
public class WatchExamplesTests
{
    private const string Command = "./haltpoint watch ";

    public static IEnumerable<TheoryDataRow<string>> Examples() =>
        File.ReadLines(Paths.InRepository("docs/watch.md"))
            .Where(l => l.StartsWith(Command, StringComparison.Ordinal) && l.Contains('#', StringComparison.Ordinal))
            .Select(l => new TheoryDataRow<string>(l));

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_documented_example_finds_what_the_page_says(string line)
    {
        string program = line.Split(" -- ")[1].Split(' ')[0];
        string tools = Tools(program);
        Assert.SkipUnless(File.Exists("/usr/bin/" + program) || tools.Length > 0, $"{program} is not installed");
        Assert.SkipUnless(Directory.Exists("/usr/lib/debug/.build-id"), "libc6-dbg is not installed");
        using RunningProgram shell = new("sh", "-c", $"PATH=$PATH:{tools}; exec {Paths.Haltpoint} watch {line[Command.Length..]}");
        int status = shell.WaitForEnd(out string table);
        Assert.SkipWhen(status != 0 && shell.Errors.Any(e => e.Contains("not permitted", StringComparison.Ordinal)), "perf events are refused here");

        Assert.Equal(0, status);
        Assert.Matches("[1-9][0-9]* hits? in .*, none lost", table);
        Assert.Contains(line.Split('#')[1].Trim(), table, StringComparison.Ordinal);
        if (tools.Length > 0)
        {
            Directory.Delete(tools, recursive: true);
        }
    }

    // The package redis-server starts a server and has one link besides, to the program in redis-tools: the link will do here.
    private static string Tools(string program)
    {
        const string Server = "/usr/bin/redis-check-rdb";
        if (program != "redis-server" || File.Exists("/usr/bin/redis-server") || !File.Exists(Server))
        {
            return "";
        }

        string directory = Directory.CreateTempSubdirectory("haltpoint").FullName;
        File.CreateSymbolicLink(Path.Combine(directory, program), Server);
        return directory;
    }
}
