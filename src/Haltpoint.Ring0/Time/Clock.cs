using System;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Time;

/// <summary>Time, by the best counter that the machine has and that runs right, and the tick of each CPU by its APIC's timer.</summary>
/// <remarks>
/// Time goes on while a debugger has stopped the machine; ticks do not, and a sleep is counted in ticks. Reading takes no lock: also for NMI
/// handlers and the stopped machine.
/// </remarks>
internal static class Clock
{
    public const int TicksPerSecond = 100;
    public const ulong NanosecondsPerTick = TimeScale.NanosecondsPerSecond / TicksPerSecond;

    private static SourceList s_sources;
    private static MonotonicTime s_time;
    private static MachineCounters s_counters;
    private static uint s_timerCount;

    /// <summary>Time-stamp cycles per second.</summary>
    public static ulong Frequency => s_sources[MachineCounters.TimeStamp].Frequency;

    /// <summary>Since the kernel began to tell the time; never goes back, on whichever CPU.</summary>
    public static ulong Nanoseconds => s_time.Read(ref s_counters);

    public static ulong Microseconds => Nanoseconds / 1000;

    public static Span<Clocksource> Sources => s_sources;

    /// <summary>The source that time is told by.</summary>
    public static int Source => s_time.Source;

    /// <summary>Called once, interrupts off, when the APIC is up.</summary>
    public static void Calibrate()
    {
        PrecisionTimer.Start();
        s_sources[MachineCounters.Precision] = new Clocksource { Frequency = PrecisionTimer.Frequency, Mask = uint.MaxValue, Rating = 250 };
        s_sources[MachineCounters.Power] = new Clocksource { Frequency = PowerTimer.Frequency, Mask = PowerTimer.Mask, Rating = 200 };
        int reference = ClocksourceSelection.Best(s_sources);
        Calibration calibration = default;
        calibration.Run(reference, s_sources[reference].Frequency);
        s_sources[MachineCounters.TimeStamp] = new Clocksource
        {
            Frequency = calibration.Frequency,
            Mask = ulong.MaxValue,
            Rating = 300,
            MustVerify = true,
            Uncertainty = calibration.Uncertainty,
        };
        s_timerCount = (uint)(calibration.ApicFrequency / TicksPerSecond);
        Tell(MachineCounters.TimeStamp, MachineCounters.Read(ref s_counters, MachineCounters.TimeStamp), 0);
    }

    /// <summary>Tells the time by a source from now on, which had this count at this time. One caller at a time.</summary>
    public static void Tell(int source, ulong count, ulong time) => s_time.Switch(source, s_sources[source].Frequency, count, time);

    /// <summary>What the time was at a count of the present source.</summary>
    public static ulong At(ulong count) => s_time.At(count);

    /// <summary>Reads every counter that comes round, so that no round is missed. At least every two seconds, by whoever keeps everybody else from it.</summary>
    public static void KeepCounting()
    {
        for (int i = 0; i < MachineCounters.Count; i++)
        {
            if (s_sources[i].IsThere)
            {
                MachineCounters.Read(ref s_counters, i);
            }
        }
    }

    /// <summary>Called on each CPU.</summary>
    public static void StartTicks() => LocalApic.StartTimer(s_timerCount);

    /// <param name="cycles">Of the time-stamp counter.</param>
    public static ulong ToMicroseconds(ulong cycles) => TimeScale.ToNanoseconds(cycles, Frequency) / 1000;

    /// <summary>Keeps the CPU busy.</summary>
    public static void Delay(uint microseconds)
    {
        ulong start = Microseconds;
        while (Microseconds - start < microseconds)
        {
            Instructions.Pause();
        }
    }

    [InlineArray(MachineCounters.Count)]
    private struct SourceList
    {
        private Clocksource _first;
    }
}
