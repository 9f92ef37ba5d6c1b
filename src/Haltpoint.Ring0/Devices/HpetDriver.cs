using Haltpoint.Ring0.Acpi;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Devices;

/// <summary>The high-precision event timer as a device to trace: its counter, and one comparator (IA-PC HPET specification 1.0a, section 2.3).</summary>
internal static class HpetDriver
{
    private const ulong Length = 0x400;
    private const int Capabilities = 0x000;
    private const int Configuration = 0x010;
    private const int InterruptStatus = 0x020;
    private const int Counter = 0x0F0;
    private const int TimerConfiguration = 0x140; // of comparator 2: the first two are the operating system's
    private const int Comparator = 0x148;
    private const ulong Enabled = 1;
    private const ulong LevelTriggered = 1 << 1;
    private const ulong MakesInterrupts = 1 << 2;
    private const ulong Comparator2 = 1 << 2;
    private const ulong Steps = 100_000;

    private static DeviceMapping s_mapping;

    public static bool TryStart()
    {
        if (MachineDescription.PrecisionTimerAddress == 0)
        {
            return false;
        }

        s_mapping = DeviceMapping.Map(MachineDescription.PrecisionTimerAddress, Length);
        return true;
    }

    public static void Stop() => s_mapping.Unmap();

    /// <returns>Whether the counter runs and the comparator notices.</returns>
    public static bool Work()
    {
        ulong period = s_mapping.Read64(Capabilities) >> 32;
        s_mapping.Write64(Configuration, s_mapping.Read64(Configuration) | Enabled);
        ulong last = s_mapping.Read64(Counter);
        bool isRight = period is > 0 and <= 100_000_000;
        for (int i = 0; i < 16; i++)
        {
            ulong now = s_mapping.Read64(Counter);
            isRight &= now >= last;
            last = now;
        }

        // The line stays masked at the I/O APIC: what the status register says is enough.
        s_mapping.Write64(TimerConfiguration, LevelTriggered | MakesInterrupts);
        s_mapping.Write64(Comparator, s_mapping.Read64(Counter) + Steps);
        bool hasFired = false;
        for (int i = 0; i < 1000 && !hasFired; i++)
        {
            hasFired = (s_mapping.Read64(InterruptStatus) & Comparator2) != 0;
            if (!hasFired)
            {
                Scheduler.Sleep(10);
            }
        }

        s_mapping.Write64(TimerConfiguration, 0);
        s_mapping.Write64(InterruptStatus, Comparator2);
        return isRight && hasFired;
    }
}
