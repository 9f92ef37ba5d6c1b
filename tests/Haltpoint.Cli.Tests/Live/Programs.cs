using System;
using System.Collections.Concurrent;
using System.IO;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>Small C programs to debug, built once from tests/Tracees.</summary>
internal static class Programs
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_built = new();
    private static readonly string s_directory = Directory.CreateTempSubdirectory("haltpoint-cli-tests-").FullName;

    /// <summary>Path of the built program; <paramref name="flags"/> make a variant of their own.</summary>
    public static string Build(string name, params string[] flags) =>
        s_built.GetOrAdd(name + string.Concat(flags), variant => new Lazy<string>(() => BuildNow(name, variant, flags))).Value;

    private static string BuildNow(string name, string variant, string[] flags)
    {
        string program = Path.Combine(s_directory, variant);
        using RunningProgram gcc = new("gcc", ["-g", "-pthread", "-o", program, Paths.InRepository($"tests/Tracees/{name}.c"), .. flags]);
        return gcc.WaitForEnd() == 0 ? program : throw new InvalidOperationException(string.Join('\n', gcc.Errors));
    }
}
