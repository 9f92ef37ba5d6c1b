using System;
using System.Diagnostics;
using System.Globalization;

namespace Haltpoint.Bench.PageTraps;

/// <summary>The program that does one thing a known number of times and says how long that took.</summary>
internal sealed class Target : IDisposable
{
    private readonly Process _process;

    public Target(string program, string kind, long count)
    {
        _process = BenchProgram.Start(program, "target", kind, count.ToString(CultureInfo.InvariantCulture));
        string[] words = _process.StandardOutput.ReadLine()!.Split(' ');
        Id = int.Parse(words[0], CultureInfo.InvariantCulture);
        Address = ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    public int Id { get; }

    public ulong Address { get; }

    /// <summary>Lets it begin.</summary>
    /// <returns>Nanoseconds for all of it.</returns>
    public long Run()
    {
        _process.StandardInput.WriteLine();
        return long.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    public void End()
    {
        _process.StandardInput.WriteLine();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.WriteLine();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
