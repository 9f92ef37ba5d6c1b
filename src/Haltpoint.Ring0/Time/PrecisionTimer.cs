using System.Threading;
using Haltpoint.Ring0.Acpi;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Time;

/// <summary>The counter of the high-precision event timer (IA-PC HPET specification 1.0a, section 2.3). Its comparators belong to whoever wants them.</summary>
internal static unsafe class PrecisionTimer
{
    private const int Period = 0x04; // femtoseconds of a step
    private const int Configuration = 0x10;
    private const int Counter = 0xF0;
    private const int Enabled = 1;
    private const ulong FemtosecondsPerSecond = 1_000_000_000_000_000;
    private const uint LongestPeriod = 100_000_000;

    private static ulong s_page;

    /// <summary>Steps per second; 0 when there is none.</summary>
    public static ulong Frequency { get; private set; }

    /// <summary>Called once, on the kernel's page tables: sets it counting.</summary>
    public static void Start()
    {
        if (MachineDescription.PrecisionTimerAddress == 0)
        {
            return;
        }

        s_page = (ulong)PageTables.MapDevice(MachineDescription.PrecisionTimerAddress);
        uint period = (uint)Volatile.Read(ref *(int*)(s_page + Period));
        if (period is > 0 and <= LongestPeriod)
        {
            Volatile.Write(ref *(int*)(s_page + Configuration), Volatile.Read(ref *(int*)(s_page + Configuration)) | Enabled);
            Frequency = FemtosecondsPerSecond / period;
        }
    }

    /// <summary>The lower half: the two halves together cannot be read at once everywhere.</summary>
    public static uint Read() => (uint)Volatile.Read(ref *(int*)(s_page + Counter));
}
