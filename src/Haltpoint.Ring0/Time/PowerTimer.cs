using Haltpoint.Ring0.Acpi;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Time;

/// <summary>The ACPI power-management timer, by which the others are measured: a port, 24 bits at least, always running (ACPI specification 6.5, section 4.8.2.1).</summary>
internal static class PowerTimer
{
    public const uint Frequency = 3_579_545;

    private const uint Mask = 0xFF_FFFF;

    public static uint Read() => Instructions.In32(MachineDescription.PowerTimerPort) & Mask;

    /// <summary>Steps from one reading to a later one; right for the four seconds that the count takes to come round.</summary>
    public static uint Since(uint start) => (Read() - start) & Mask;
}
