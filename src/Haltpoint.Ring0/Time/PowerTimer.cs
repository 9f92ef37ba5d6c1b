using Haltpoint.Ring0.Acpi;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Time;

/// <summary>The ACPI power-management timer: a port, 24 bits at least, always running (ACPI specification 6.5, section 4.8.2.1).</summary>
internal static class PowerTimer
{
    public const uint Frequency = 3_579_545;
    public const uint Mask = 0xFF_FFFF;

    public static uint Read() => Instructions.In32(MachineDescription.PowerTimerPort) & Mask;
}
