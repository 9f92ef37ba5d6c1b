using System;
using System.Collections.Concurrent;
using System.IO;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>Small C programs to debug, built once from tests/Tracees.</summary>
internal static class Programs
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_built = new();
    private static readonly string s_directory = Directory.CreateTempSubdirectory("haltpoint-cli-tests-").FullName;

    public static string Build(string name) => s_built.GetOrAdd(name, _ => new Lazy<string>(() => BuildNow(name))).Value;

    private static string BuildNow(string name)
    {
        string program = Path.Combine(s_directory, name);
        using RunningProgram gcc = new("gcc", "-g", "-pthread", "-o", program, Path.Combine(Sources(), name + ".c"));
        return gcc.WaitForEnd() == 0 ? program : throw new InvalidOperationException(string.Join('\n', gcc.Errors));
    }

    private static string Sources()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string sources = Path.Combine(directory.FullName, "tests", "Tracees");
            if (Directory.Exists(sources))
            {
                return sources;
            }
        }

        throw new DirectoryNotFoundException("tests/Tracees");
    }
}
