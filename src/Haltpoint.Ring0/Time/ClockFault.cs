using System.Runtime.CompilerServices;
using System.Threading;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Time;

/// <summary>A time-stamp counter gone wrong on purpose, to see the watchdog catch it: what is added to the readings that time is told by.</summary>
internal static unsafe class ClockFault
{
    private const long Million = 1_000_000;

    private static Offsets s_offsets;
    private static long s_drift;
    private static long s_driftSince;

    /// <summary>One CPU's counter is ahead, by steps; negative for behind.</summary>
    public static void Shift(int cpu, long steps) => Volatile.Write(ref s_offsets[cpu], steps);

    /// <summary>All counters run too fast from now on, by parts per million; negative for too slow.</summary>
    public static void Drift(long partsPerMillion)
    {
        Volatile.Write(ref s_driftSince, (long)Instructions.Timestamp());
        Volatile.Write(ref s_drift, partsPerMillion);
    }

    public static ulong Apply(ulong count)
    {
        long drift = Volatile.Read(ref s_drift);
        long wrong = drift == 0 ? 0 : (long)(count - (ulong)Volatile.Read(ref s_driftSince)) / Million * drift;
        return count + (ulong)(wrong + Volatile.Read(ref s_offsets[Instructions.Current()->Index]));
    }

    [InlineArray(Cpu.Max)]
    private struct Offsets
    {
        private long _first;
    }
}
