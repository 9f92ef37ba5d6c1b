using System;
using System.Diagnostics;
using System.Globalization;

namespace Haltpoint.Bench.Watch;

/// <summary>The program that writes its cell a known number of times and says how long that took.</summary>
internal sealed class WatchTarget : IDisposable
{
    private readonly Process _process;

    public WatchTarget(string program, long writes)
    {
        _process = BenchProgram.Start(program, "target", writes.ToString(CultureInfo.InvariantCulture));
        Address = _process.StandardOutput.ReadLine()![2..];
    }

    public int Id => _process.Id;

    /// <summary>Hexadecimal digits.</summary>
    public string Address { get; }

    /// <summary>Lets it write.</summary>
    /// <returns>Nanoseconds for all writes: of its CPU, and by the clock.</returns>
    public (long Cpu, long Clock) Run()
    {
        _process.StandardInput.WriteLine();
        long[] times = Array.ConvertAll(_process.StandardOutput.ReadLine()!.Split(' '), t => long.Parse(t, CultureInfo.InvariantCulture));
        return (times[0], times[1]);
    }

    public void Dispose()
    {
        _process.StandardInput.WriteLine();
        _process.WaitForExit();
        _process.Dispose();
    }
}
