using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading.Tasks;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>Stock gdb with the kernel's symbols, for one batch of commands.</summary>
internal static class Gdb
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Connects, runs the commands, and ends, which detaches.</summary>
    /// <returns>All that gdb printed; <c>echo NAME\n</c> among the commands marks places in it.</returns>
    public static string Run(DebuggedMachine machine, params IReadOnlyList<string> commands)
    {
        List<string> arguments =
        [
            "-c", "exec gdb \"$@\" 2>&1", "gdb", "-batch", "-nx", "-iex", "set debuginfod enabled off", "-iex", "set width 0", "-iex", "set confirm off", "-iex", "set pagination off",
            "-iex", "set language c++", "-iex", "set remotetimeout 60",
            Machine.ImagePath, "-ex", $"target remote {machine.Port}",
        ];
        foreach (string command in commands)
        {
            arguments.AddRange(["-ex", command]);
        }

        ProcessStartInfo start = new("sh", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process gdb = Process.Start(start)!;
        gdb.StandardInput.Close();
        Task<string> output = gdb.StandardOutput.ReadToEndAsync();
        if (!output.Wait(s_patience))
        {
            gdb.Kill();
            throw new TimeoutException($"gdb does not end, after:\n{output.GetAwaiter().GetResult()}\n{machine.Console.Console}");
        }

        gdb.WaitForExit();
        return output.Result;
    }

    /// <summary>What was printed between two marks.</summary>
    public static string Between(string output, string from, string to)
    {
        int start = output.IndexOf(from, StringComparison.Ordinal);
        int end = start < 0 ? -1 : output.IndexOf(to, start + from.Length, StringComparison.Ordinal);
        return end < 0 ? throw new InvalidOperationException($"no {from}...{to} in:\n{output}") : output[(start + from.Length)..end];
    }
}
