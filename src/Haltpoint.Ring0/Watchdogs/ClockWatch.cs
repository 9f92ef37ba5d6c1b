using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Time;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>Watches the time-stamp counter, and tells the time by another when it is caught.</summary>
internal static unsafe class ClockWatch
{
    private const long Period = Thresholds.Second / 2;

    // What two sockets' counters may differ by without anybody's harm: the time told does not go back for it.
    private const ulong CrossToleranceNanoseconds = 20_000;

    private static Turn s_turn;
    private static ClocksourceWatchdog s_watchdog;
    private static CrossCpuCheck s_cross;
    private static MachineCounters s_counters;

    public static ref readonly ClocksourceWatchdog Watchdog => ref s_watchdog;

    /// <summary>From each CPU's tick.</summary>
    public static void Tick(Cpu* cpu)
    {
        ref Clocksource counter = ref Clock.Sources[MachineCounters.TimeStamp];
        if (!counter.IsUsable)
        {
            return;
        }

        ulong behind = TimeScale.ToNanoseconds(s_cross.Check(ref s_counters, MachineCounters.TimeStamp), counter.Frequency);
        if (!s_turn.TryBegin(cpu, behind > CrossToleranceNanoseconds ? 0 : Period))
        {
            return;
        }

        if (counter.IsUsable)
        {
            Look(cpu, ref counter, behind);
        }

        s_turn.End();
    }

    private static void Look(Cpu* cpu, ref Clocksource counter, ulong behind)
    {
        uint usable = 0;
        for (int i = 0; i < MachineCounters.Count; i++)
        {
            usable |= Clock.Sources[i].IsUsable ? 1u << i : 0;
        }

        uint caught = s_watchdog.Look(ref s_counters, Clock.Sources, MachineCounters.TimeStamp, Touches.Clocks);
        for (int i = 0; i < MachineCounters.Count; i++)
        {
            if (caught != 0 && (usable >> i & 1) != 0 && s_watchdog.By(i).Skew != 0)
            {
                long skew = s_watchdog.By(i).Skew / 1000;
                Log.Write($"clocks: on CPU {cpu->Index} tsc is {(skew < 0 ? -skew : skew)} us {(skew < 0 ? "behind"u8 : "ahead of"u8)} {MachineCounters.Name(i)} after {s_watchdog.By(i).Interval / 1000} us");
            }
        }

        if (behind > CrossToleranceNanoseconds)
        {
            Log.Write($"clocks: tsc of CPU {cpu->Index} is at least {behind / 1000} us behind another CPU's");
            counter.MarkUnstable();
            caught |= 1u << MachineCounters.TimeStamp;
        }

        for (int i = 0; i < MachineCounters.Count; i++)
        {
            if ((caught >> i & 1) != 0)
            {
                Log.Write($"clocks: {MachineCounters.Name(i)} marked unstable");
            }
        }

        if ((caught >> Clock.Source & 1) != 0)
        {
            Leave();
        }
    }

    // To the best that is left, and to the time as it was when the counter last ran right.
    private static void Leave()
    {
        int best = ClocksourceSelection.Best(Clock.Sources);
        if (best == ClocksourceSelection.None)
        {
            Log.Write($"clocks: no other is left to tell the time by");
            return;
        }

        ClockComparison last = s_watchdog.By(best);
        Clock.Tell(best, last.Reference, Clock.At(last.Clock));
        Log.Write($"clocks: time is told by {MachineCounters.Name(best)}");
    }
}
