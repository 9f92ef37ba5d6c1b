using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Haltpoint.Bench;

/// <summary>A debug server under test, by how it is started.</summary>
internal sealed class Server(string name, string program, params string[] arguments)
{
    /// <summary>The runtime that runs this program also runs the server.</summary>
    private static readonly string s_dotnetRoot =
        Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    private const string Listening = "Listening on port ";

    public static Server Gdbserver { get; } = new("gdbserver", "gdbserver");

    /// <summary>The program that ./haltpoint starts; running it once has built it.</summary>
    public static Server Haltpoint { get; } = new("Haltpoint", FindHaltpoint(), "gdbserver");

    public string Name => name;

    /// <summary>Starts it with the rest of its command line and waits until it listens.</summary>
    public RunningServer Start(params string[] rest)
    {
        ProcessStartInfo info = new(program, [.. arguments, .. rest]) { RedirectStandardError = true, RedirectStandardOutput = true };
        info.Environment["DOTNET_ROOT"] = s_dotnetRoot;
        Process process = Process.Start(info) ?? throw new BenchException($"cannot start {name}");
        while (process.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                // What nobody reads fills the pipe and stops the server.
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new RunningServer(process, int.Parse(line.AsSpan(Listening.Length), CultureInfo.InvariantCulture));
            }
        }

        throw new BenchException($"{name} did not start to listen");
    }

    private static string FindHaltpoint()
    {
        string launcher = Path.Combine(Workspace.Top, "haltpoint");
        Workspace.Run(launcher, "gdbserver", "--version");
        return Path.Combine(Workspace.Top, "artifacts/publish/Haltpoint.Cli/release/haltpoint");
    }
}
