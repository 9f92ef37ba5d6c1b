using System;
using System.IO;

namespace Haltpoint.Cli.Tests.Live;

internal static class Paths
{
    /// <summary>The program that was built with these tests.</summary>
    public static string Haltpoint => Path.Combine(AppContext.BaseDirectory, "haltpoint");
}
