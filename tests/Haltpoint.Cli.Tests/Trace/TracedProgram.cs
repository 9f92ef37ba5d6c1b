using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>tests/Tracees/trapped.c, whose accesses are known: one page, each thread adds to a counter and changes its slot.</summary>
internal static class TracedProgram
{
    public const string SourceFile = "trapped.c";

    /// <summary>The page as a variable of the program.</summary>
    public const string Variable = "in_data";

    public const ulong FirstSlot = 8;

    /// <summary>What the counts must be: each round is a locked increment, a load and a store; at the end everything is read once.</summary>
    public static (long Accesses, long Reads, long Writes) Expected(int threads, int count) =>
        ((3L * threads * count) + 1 + threads, (2L * threads * count) + 1 + threads, 2L * threads * count);

    public static string[] Arguments(string mode, int threads, int count) =>
        ["0", "1", mode, threads.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The line of the instruction that this text is in.</summary>
    public static int Line(string text)
    {
        string[] lines = File.ReadAllLines(Paths.InRepository($"tests/Tracees/{SourceFile}"));
        return Array.FindIndex(lines, l => l.Contains(text, StringComparison.Ordinal)) + 1;
    }

    /// <summary>Runs <c>haltpoint trace</c> over the program from its start.</summary>
    /// <returns>What the trace wrote.</returns>
    public static string Trace(int threads, int count, params string[] options) => Trace("data", threads, count, ["--symbol", Variable, .. options]);

    public static string Trace(string mode, int threads, int count, string[] options)
    {
        string file = Path.GetTempFileName();
        try
        {
            using RunningProgram trace = new(
                Paths.Haltpoint, ["trace", .. options, "--save", file, "--", Programs.Build("trapped"), .. Arguments(mode, threads, count)]);
            trace.Input.Write("xx");
            trace.Input.Close();
            int status = trace.WaitForEnd(out string output);
            Assert.True(status == 0, string.Join('\n', trace.Errors));

            // The program's own result: nothing of it may change.
            Assert.EndsWith($"\n{threads * count} {3 * threads * count}\n", output, StringComparison.Ordinal);
            return File.ReadAllText(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static List<JsonElement> Objects(string lines)
    {
        List<JsonElement> objects = [];
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            objects.Add(JsonDocument.Parse(line).RootElement);
        }

        return objects;
    }
}
