using System;
using System.IO;

namespace Haltpoint.Cli.Tests.Live;

internal static class Paths
{
    /// <summary>The program that was built with these tests.</summary>
    public static string Haltpoint => Path.Combine(AppContext.BaseDirectory, "haltpoint");

    /// <summary>A file of the repository these tests were built in.</summary>
    public static string InRepository(string path)
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Haltpoint.slnx")))
            {
                return Path.Combine(directory.FullName, path);
            }
        }

        throw new DirectoryNotFoundException("Haltpoint.slnx");
    }
}
