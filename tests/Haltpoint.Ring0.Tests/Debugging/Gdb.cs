using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Tasks;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>Stock gdb with the kernel's symbols, for one batch of commands.</summary>
internal sealed class Gdb : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly DebuggedMachine _machine;
    private readonly Process _gdb;
    private readonly StringBuilder _output = new();

    /// <summary>Connects and begins with the commands.</summary>
    public Gdb(DebuggedMachine machine, params IReadOnlyList<string> commands)
    {
        // A program that was started in the background would ignore what a terminal's Ctrl-C sends.
        List<string> arguments =
        [
            "-c", "exec env --default-signal=INT gdb \"$@\" 2>&1", "gdb", "-batch", "-nx", "-iex", "set debuginfod enabled off", "-iex", "set width 0",
            "-iex", "set confirm off", "-iex", "set pagination off", "-iex", "set language c++", "-iex", "set remotetimeout 60",
            Machine.ImagePath, "-ex", $"target remote {machine.Port}",
        ];
        foreach (string command in commands)
        {
            arguments.AddRange(["-ex", command]);
        }

        _machine = machine;
        _gdb = Process.Start(new ProcessStartInfo("sh", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _gdb.StandardInput.Close();
    }

    /// <summary>Connects, runs the commands, and ends, which detaches.</summary>
    /// <returns>All that gdb printed; <c>echo NAME\n</c> among the commands marks places in it.</returns>
    public static string Run(DebuggedMachine machine, params IReadOnlyList<string> commands)
    {
        using Gdb gdb = new(machine, commands);
        return gdb.WaitForEnd();
    }

    /// <summary>What was printed between two marks.</summary>
    public static string Between(string output, string from, string to)
    {
        int start = output.IndexOf(from, StringComparison.Ordinal);
        int end = start < 0 ? -1 : output.IndexOf(to, start + from.Length, StringComparison.Ordinal);
        return end < 0 ? throw new InvalidOperationException($"no {from}...{to} in:\n{output}") : output[(start + from.Length)..end];
    }

    /// <summary>Waits for a line that is this.</summary>
    public void WaitForLine(string text)
    {
        string? line;
        do
        {
            line = Await(_gdb.StandardOutput.ReadLineAsync());
            _output.Append(line).Append('\n');
        }
        while (line is not null && line != text);
    }

    /// <summary>Ctrl-C at its terminal.</summary>
    public void Interrupt()
    {
        using Process kill = Process.Start("kill", ["-INT", _gdb.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <returns>All that it printed.</returns>
    public string WaitForEnd()
    {
        _output.Append(Await(_gdb.StandardOutput.ReadToEndAsync()));
        _gdb.WaitForExit();
        return _output.ToString();
    }

    public void Dispose()
    {
        if (!_gdb.HasExited)
        {
            _gdb.Kill();
            _gdb.WaitForExit();
        }

        _gdb.Dispose();
    }

    private T Await<T>(Task<T> output)
    {
        if (!output.Wait(s_patience))
        {
            _gdb.Kill();
            throw new TimeoutException($"gdb says no more, after:\n{_output}\n{_machine.Console.Console}");
        }

        return output.Result;
    }
}
