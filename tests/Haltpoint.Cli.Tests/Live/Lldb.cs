using System.Collections.Generic;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>One batch session of Debian's lldb.</summary>
internal static class Lldb
{
    /// <returns>What it printed, standard error after standard output.</returns>
    public static string Run(string program, params string[] commands)
    {
        List<string> arguments = ["--no-lldbinit", "--batch", program];
        foreach (string command in commands)
        {
            arguments.AddRange(["--one-line", command]);
        }

        using RunningProgram lldb = new("lldb", [.. arguments]);
        lldb.Input.Close();
        lldb.WaitForEnd(out string output);
        return $"{output}\n{string.Join('\n', lldb.Errors)}";
    }
}
