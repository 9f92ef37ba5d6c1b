using System;
using System.IO;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>The kernel with its debugger's serial port on a Unix socket.</summary>
internal sealed class DebuggedMachine : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("haltpoint-ring0-");

    public DebuggedMachine(int cpus, string commandLine = "exit-on-panic stop-patience=60")
        : this(port => new Machine(cpus, commandLine, port))
    {
    }

    private DebuggedMachine(Func<string[], Machine> start)
    {
        Port = Path.Combine(_directory.FullName, "gdb");
        Console = start(["-serial", $"unix:{Port},server=on,wait=off"]);
        Console.WaitForPrompt();
    }

    /// <summary>As <see cref="Machine.WithDrivenClock"/>.</summary>
    public static DebuggedMachine WithDrivenClock(int cpus, int shift) => new(port => Machine.WithDrivenClock(cpus, shift, port));

    /// <summary>The socket behind the debugger's serial port.</summary>
    public string Port { get; }

    public Machine Console { get; }

    /// <summary>The machine runs: its shell answers.</summary>
    public void AssertRuns() => Console.Run("cpus");

    public void Dispose()
    {
        Console.Dispose();
        _directory.Delete(recursive: true);
    }
}
