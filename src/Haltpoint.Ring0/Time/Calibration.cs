using Haltpoint.Ring0.Apic;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Time;

/// <summary>Measures the counters whose frequency nobody tells against one whose frequency is known.</summary>
internal struct Calibration
{
    private const int Tries = 5;
    private const ulong ShortestNanoseconds = 10_000_000;
    private const ulong LongestNanoseconds = 300_000_000;
    private const uint GoodEnough = 100;
    private const ulong Million = 1_000_000;

    private MachineCounters _counters;

    /// <summary>Steps per second of the time-stamp counter.</summary>
    public ulong Frequency { get; private set; }

    /// <summary>How far off that may be, in parts per million: what the readings at both ends leave open.</summary>
    public uint Uncertainty { get; private set; }

    /// <summary>Steps per second of the local APIC's timer.</summary>
    public ulong ApicFrequency { get; private set; }

    /// <summary>Called once, interrupts off. Goes on until the measure is good, or as long as one can wait: an emulator may be kept waiting itself.</summary>
    public void Run(int reference, ulong frequency)
    {
        LocalApic.StartCounter();
        ulong counter = LocalApic.Counter;
        ulong start = Read(reference, out ulong startBefore, out ulong startAfter);
        ulong nanoseconds;
        do
        {
            ulong end = Read(reference, out ulong before, out ulong after);
            ulong counted = counter - LocalApic.Counter;
            ulong open = (startAfter - startBefore) + (after - before) + 2;
            ulong steps = before - startBefore;
            nanoseconds = TimeScale.ToNanoseconds(steps, frequency);
            if (nanoseconds >= ShortestNanoseconds)
            {
                // From the middle of the readings at one end to the middle of those at the other.
                ulong halves = (before + after) - (startBefore + startAfter);
                Frequency = (ulong)((double)(end - start) * frequency * 2 / halves);
                ApicFrequency = counted * frequency / steps;
                Uncertainty = (uint)(open * Million / steps) + 1;
            }
        }
        while (nanoseconds < ShortestNanoseconds || (Uncertainty > GoodEnough && nanoseconds < LongestNanoseconds));
    }

    private ulong Read(int reference, out ulong before, out ulong after)
    {
        ulong count = 0;
        before = 0;
        after = ulong.MaxValue;
        for (int i = 0; i < Tries; i++)
        {
            ulong first = MachineCounters.Read(ref _counters, reference);
            ulong middle = MachineCounters.Read(ref _counters, MachineCounters.TimeStamp);
            ulong last = MachineCounters.Read(ref _counters, reference);
            if (last - first < after - before)
            {
                before = first;
                after = last;
                count = middle;
            }
        }

        return count;
    }
}
