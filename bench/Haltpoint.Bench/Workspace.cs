using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Haltpoint.Bench;

/// <summary>The repository's directories, and the C programs built from bench/*.c.</summary>
internal static class Workspace
{
    public static string Top { get; } = FindTop();

    public static string Target { get; } = Build("target");

    public static string Tracer { get; } = Build("tracer");

    /// <summary>Addresses of what the target offers; it is linked to fixed ones.</summary>
    public static IReadOnlyDictionary<string, ulong> Symbols { get; } = ReadSymbols();

    /// <summary>Runs a program to its end and gives its output.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new BenchException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} ended with status {process.ExitCode}");
    }

    private static string FindTop()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Haltpoint.slnx")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new BenchException("run it from inside the repository's directory");
    }

    private static string Build(string name)
    {
        string source = Path.Combine(Top, "bench");
        string program = Path.Combine(Top, "artifacts", "bench", name);
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        Run("gcc", "-O2", "-static", "-no-pie", "-pthread", Path.Combine(source, "program.c"), Path.Combine(source, name + ".c"), "-o", program);
        return program;
    }

    private static Dictionary<string, ulong> ReadSymbols()
    {
        Dictionary<string, ulong> symbols = [];
        foreach (string line in Run(Target, "symbols").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(' ');
            symbols[parts[0]] = ulong.Parse(parts[1].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return symbols;
    }
}
