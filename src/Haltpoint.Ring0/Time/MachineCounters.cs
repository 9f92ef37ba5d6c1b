using System;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Time;

/// <summary>The counters of this machine. Takes no lock: read in every context.</summary>
internal struct MachineCounters : ICounters<MachineCounters>
{
    public const int TimeStamp = 0;
    public const int Precision = 1;
    public const int Power = 2;
    public const int Count = 3;

    private static Wide s_wide;

    public static ReadOnlySpan<byte> Name(int source) => source switch
    {
        TimeStamp => "tsc"u8,
        Precision => "hpet"u8,
        _ => "acpi_pm"u8,
    };

    public static ulong Read(ref MachineCounters self, int source)
    {
        if (source == TimeStamp)
        {
            return ClockFault.Apply(Instructions.Timestamp());
        }

        while (true)
        {
            long last = s_wide[source].Last;
            uint reading = source == Precision ? PrecisionTimer.Read() : PowerTimer.Read();
            if (s_wide[source].TryContinue(last, reading, source == Precision ? uint.MaxValue : PowerTimer.Mask, out ulong count))
            {
                return count;
            }
        }
    }

    [InlineArray(Count)]
    private struct Wide
    {
        private WideCount _first;
    }
}
