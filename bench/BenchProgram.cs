using System;
using System.Diagnostics;
using System.IO;

namespace Haltpoint.Bench;

/// <summary>A C program of this directory, and what a bench does with one. Part of each bench that has one.</summary>
internal static class BenchProgram
{
    public static string Repository { get; } = FindRepository();

    /// <returns>Path of what gcc made of bench/NAME.c.</returns>
    public static string Build(string name, string optimisation)
    {
        string built = Path.Combine(Directory.CreateTempSubdirectory("haltpoint-bench-").FullName, name);
        using Process gcc = Start("gcc", "-g", optimisation, "-o", built, Path.Combine(Repository, "bench", name + ".c"));
        gcc.WaitForExit();
        Require(gcc.ExitCode == 0, $"gcc could not build bench/{name}.c");
        return built;
    }

    /// <summary>Starts a program that is talked to in lines.</summary>
    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    public static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException(problem);
        }
    }

    private static string FindRepository()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Haltpoint.slnx")))
        {
            directory = Path.GetDirectoryName(directory)!;
        }

        return directory;
    }
}
