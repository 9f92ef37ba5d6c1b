using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Haltpoint.Bench.Trace;

/// <summary>The program that is traced, and whether there is a valgrind.</summary>
internal sealed record Place(string Program, bool HasValgrind)
{
    public static Place Find()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Haltpoint.slnx")))
        {
            directory = Path.GetDirectoryName(directory)!;
        }

        string built = Path.Combine(Directory.CreateTempSubdirectory("haltpoint-bench-").FullName, "trace");
        using Process gcc = Process.Start("gcc", ["-g", "-O1", "-o", built, Path.Combine(directory, "bench", "trace.c")]);
        gcc.WaitForExit();
        Require(gcc.ExitCode == 0, "gcc could not build bench/trace.c");
        return new Place(built, File.Exists("/usr/bin/valgrind"));
    }

    public Process Start(string program, long writes, long work, params string[] before) =>
        Process.Start(new ProcessStartInfo(
            program, [.. before, writes.ToString(CultureInfo.InvariantCulture), work.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;

    public static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException(problem);
        }
    }
}
