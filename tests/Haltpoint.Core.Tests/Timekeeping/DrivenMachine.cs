using System;
using Haltpoint.Timekeeping;

namespace Haltpoint.Core.Tests.Timekeeping;

/// <summary>A machine whose time the test makes: three counters, any number of CPUs, and whatever goes wrong with them.</summary>
internal sealed class DrivenMachine
{
    public const int Tsc = 0;
    public const int Hpet = 1;
    public const int PowerTimer = 2;
    public const ulong Second = 1_000_000_000;
    public const ulong PowerTimerRound = 4_686_971_000; // 2^24 steps at 3.579545 MHz

    private readonly WideCount[] _wide = new WideCount[3];

    public DrivenMachine(int cpus = 1) => Offsets = new long[cpus];

    public Clocksource[] Sources { get; } =
    [
        new() { Frequency = 2_400_000_000, Mask = ulong.MaxValue, Rating = 300, MustVerify = true },
        new() { Frequency = 100_000_000, Mask = uint.MaxValue, Rating = 250 },
        new() { Frequency = 3_579_545, Mask = 0xFF_FFFF, Rating = 200 },
    ];

    /// <summary>True time in nanoseconds. Not from 0: counters are running before anybody looks.</summary>
    public ulong Time { get; set; } = 12_345_678_901;

    /// <summary>What a reading takes.</summary>
    public ulong ReadTime { get; set; } = 300;

    /// <summary>By how much each counter runs wrong, in parts per million; from <see cref="DriftSince"/> on.</summary>
    public long[] Drift { get; } = new long[3];

    public ulong DriftSince { get; set; }

    /// <summary>Steps by which the time-stamp counter of each CPU is ahead.</summary>
    public long[] Offsets { get; }

    public int Cpu { get; set; }

    /// <summary>Called before and after each reading of a counter.</summary>
    public Action? Between { get; set; }

    public DrivenCounters Counters => new(this);

    public ulong Read(int source)
    {
        Between?.Invoke();
        ulong count;
        long last;
        do
        {
            last = _wide[source].Last;
            Time += ReadTime / 2;
        }
        while (!_wide[source].TryContinue(last, Raw(source), Sources[source].Mask, out count));
        Time += ReadTime - (ReadTime / 2);
        Between?.Invoke();
        return count;
    }

    private ulong Raw(int source)
    {
        Int128 drifted = (Int128)(Time - Math.Min(Time, DriftSince)) * Drift[source] / 1_000_000;
        Int128 steps = ((Int128)Time + drifted) * Sources[source].Frequency / Second;
        return (ulong)(steps + (source == Tsc ? Offsets[Cpu] : 0)) & Sources[source].Mask;
    }
}

internal readonly struct DrivenCounters(DrivenMachine machine) : ICounters<DrivenCounters>
{
    private readonly DrivenMachine _machine = machine;

    public static ulong Read(ref DrivenCounters self, int source) => self._machine.Read(source);
}
