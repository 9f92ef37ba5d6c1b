using System.Collections.Generic;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>One batch session of stock gdb.</summary>
internal static class Gdb
{
    /// <returns>What it printed, standard error after standard output.</returns>
    public static string Run(string program, params string[] commands)
    {
        List<string> arguments = ["-q", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set sysroot /", "-iex", "set pagination off"];
        if (program.Length > 0)
        {
            arguments.Add(program);
        }

        foreach (string command in commands)
        {
            arguments.AddRange(["-ex", command]);
        }

        using RunningProgram gdb = new("gdb", [.. arguments]);
        gdb.Input.Close();
        gdb.WaitForEnd(out string output);
        return $"{output}\n{string.Join('\n', gdb.Errors)}";
    }
}
