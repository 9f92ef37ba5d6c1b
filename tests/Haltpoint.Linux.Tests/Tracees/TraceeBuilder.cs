using System;
using System.IO;
using System.Threading;

namespace Haltpoint.Linux.Tests.Tracees;

/// <summary>Compiles tests/Tracees/*.c on demand into artifacts/tracees.</summary>
internal static class TraceeBuilder
{
    private static readonly Lock s_lock = new();

    /// <summary>Path of the built program; <paramref name="flags"/> make a variant of their own.</summary>
    public static string Build(string name, params string[] flags)
    {
        string variant = string.Concat(flags).Replace("/", "_", StringComparison.Ordinal);
        return BuildAs(name, name + variant, flags);
    }

    /// <summary>Path of the program or library built under a name of its own.</summary>
    public static string BuildAs(string name, string output, params string[] flags)
    {
        string source = SourceOf(name + ".c");
        string program = Path.Combine(Root(), "artifacts", "tracees", output);
        lock (s_lock)
        {
            if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < LastChange(source))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(program)!);
                int status = Spawner.WaitForExit(
                    Spawner.Start("gcc", ["-g", "-O1", "-Wall", "-Werror", "-pthread", "-o", program, source, .. flags]));
                if (status != 0)
                {
                    throw new InvalidOperationException($"gcc could not build {source}");
                }
            }
        }

        return program;
    }

    // Any header counts as one of its own.
    private static DateTime LastChange(string source)
    {
        DateTime last = File.GetLastWriteTimeUtc(source);
        foreach (string header in Directory.GetFiles(Path.GetDirectoryName(source)!, "*.h"))
        {
            DateTime change = File.GetLastWriteTimeUtc(header);
            last = change > last ? change : last;
        }

        return last;
    }

    /// <summary>Path of a tracee's source.</summary>
    public static string SourceOf(string file) => Path.Combine(Root(), "tests", "Tracees", file);

    private static string Root()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Haltpoint.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not inside the repository");
        }

        return directory;
    }
}
