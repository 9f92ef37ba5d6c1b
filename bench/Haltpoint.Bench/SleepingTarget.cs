using System;
using System.Diagnostics;
using System.Globalization;

namespace Haltpoint.Bench;

/// <summary>The target with many threads, started by us and to be attached to.</summary>
internal sealed class SleepingTarget : IDisposable
{
    private readonly Process _process;

    public SleepingTarget(string what, int threads)
    {
        _process = Process.Start(
            new ProcessStartInfo(Workspace.Target, [what, threads.ToString(CultureInfo.InvariantCulture), "announce"]) { RedirectStandardOutput = true })!;
        if (_process.StandardOutput.ReadLine() != "ready")
        {
            throw new BenchException($"the target could not start {threads} threads");
        }
    }

    public int Id => _process.Id;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
