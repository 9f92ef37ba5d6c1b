using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace Haltpoint.Bench;

/// <summary>This program once more, for <see cref="EngineRows"/>.</summary>
internal static class EngineProcess
{
    public const string Verb = "--inside";

    public static Measurement Open(string row)
    {
        string[] arguments = [Verb, row, Workspace.Target, .. Workspace.Symbols.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key}={s.Value}"))];
        Process process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new Measurement(
            () =>
            {
                process.StandardInput.BaseStream.WriteByte((byte)'\n');
                process.StandardInput.BaseStream.Flush();
                return double.Parse(
                    process.StandardOutput.ReadLine() ?? throw new BenchException("the engine's process ended"), CultureInfo.InvariantCulture);
            },
            new Ending(process));
    }

    private sealed class Ending(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
