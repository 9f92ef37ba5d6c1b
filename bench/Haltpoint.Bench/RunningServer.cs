using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Haltpoint.Bench;

/// <summary>A server that listens. Disposing ends it, and with it what it started.</summary>
internal sealed class RunningServer(Process process, int port) : IDisposable
{
    public int Port => port;

    /// <summary>The most memory it ever had resident, in KiB.</summary>
    public double PeakMemory => double.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
