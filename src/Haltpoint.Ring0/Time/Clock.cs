using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Time;

/// <summary>Time by the CPUs' time-stamp counter, and the tick of each CPU by its APIC's timer.</summary>
internal static class Clock
{
    public const int TicksPerSecond = 100;

    private const uint CalibrationSteps = PowerTimer.Frequency / 100;
    private const ulong MicrosecondsPerSecond = 1_000_000;

    private static ulong s_start;
    private static ulong s_frequency;
    private static uint s_timerCount;

    /// <summary>Time-stamp cycles per second.</summary>
    public static ulong Frequency => s_frequency;

    /// <summary>Since the kernel began to tell the time.</summary>
    public static ulong Microseconds => ToMicroseconds(Instructions.Timestamp() - s_start);

    /// <summary>Measures both against the power-management timer. Called once, interrupts off, when the APIC is up.</summary>
    /// <remarks>All three are read together at the end too, so an emulator that is kept waiting meanwhile measures right all the same.</remarks>
    public static void Calibrate()
    {
        LocalApic.StartCounter();
        uint start = PowerTimer.Read();
        uint counter = LocalApic.Counter;
        s_start = Instructions.Timestamp();
        uint steps;
        do
        {
            steps = PowerTimer.Since(start);
        }
        while (steps < CalibrationSteps);

        ulong cycles = Instructions.Timestamp() - s_start;
        ulong counted = counter - LocalApic.Counter;
        s_frequency = cycles * PowerTimer.Frequency / steps;
        s_timerCount = (uint)(counted * PowerTimer.Frequency / steps / TicksPerSecond);
    }

    /// <summary>Called on each CPU.</summary>
    public static void StartTicks() => LocalApic.StartTimer(s_timerCount);

    public static ulong ToMicroseconds(ulong cycles) =>
        (cycles / s_frequency * MicrosecondsPerSecond) + (cycles % s_frequency * MicrosecondsPerSecond / s_frequency);

    /// <summary>Keeps the CPU busy.</summary>
    public static void Delay(uint microseconds)
    {
        ulong start = Microseconds;
        while (Microseconds - start < microseconds)
        {
            Instructions.Pause();
        }
    }
}
