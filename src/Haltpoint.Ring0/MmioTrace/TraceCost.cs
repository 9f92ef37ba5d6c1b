using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Devices;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>What an access to a register costs in nanoseconds, traced and not, for the bench; the median of some runs, interrupts off.</summary>
internal static unsafe class TraceCost
{
    private const int Runs = 9;
    private const int Reads = 200;
    private const int Warmup = 10;

    /// <returns>False when the machine has no edu device.</returns>
    public static bool Run()
    {
        PciDevice* device = PciBus.Find(EduDriver.Vendor, EduDriver.Device);
        if (device == null)
        {
            return false;
        }

        device->Enable();
        ulong* times = stackalloc ulong[2 * Runs];
        byte* plain = DeviceArea.Map(device->MemoryOf(0), PageTables.PageSize);
        DeviceMapping traced = DeviceMapping.Map(device->MemoryOf(0), PageTables.PageSize);
        DeviceMapping untraced = DeviceMapping.Untraced(plain);
        for (int run = 0; run < Runs; run++)
        {
            times[run] = Time(untraced);
            times[Runs + run] = Time(traced);
        }

        traced.Unmap();
        DeviceArea.Unmap(plain, PageTables.PageSize);
        Commands.Print($"figure read-plain {Median(times)}\r\n");
        Commands.Print($"figure read-traced {Median(times + Runs)}\r\n");
        return true;
    }

    private static ulong Time(DeviceMapping mapping)
    {
        ulong flags = Instructions.DisableInterrupts();
        for (int i = 0; i < Warmup; i++)
        {
            mapping.Read32(0);
        }

        ulong start = Instructions.Timestamp();
        for (int i = 0; i < Reads; i++)
        {
            mapping.Read32(0);
        }

        ulong cycles = Instructions.Timestamp() - start;
        Instructions.RestoreInterrupts(flags);
        return cycles * 1_000_000_000 / Clock.Frequency / Reads;
    }

    private static ulong Median(ulong* times)
    {
        for (int i = 1; i < Runs; i++)
        {
            for (int at = i; at > 0 && times[at] < times[at - 1]; at--)
            {
                (times[at], times[at - 1]) = (times[at - 1], times[at]);
            }
        }

        return times[Runs / 2];
    }
}
