using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Boot;

/// <summary>Ways out of QEMU. Elsewhere nothing listens at these ports, and the call returns.</summary>
internal static class EmulatorExit
{
    private const ushort DebugExitPort = 0xF4;
    private const ushort PowerPort = 0x604; // the power-management control register of QEMU's PC
    private const ushort SoftOff = 0x2000;

    /// <summary>Ends the emulator with status 2 * <paramref name="value"/> + 1: its device isa-debug-exit.</summary>
    public static void Fail(uint value) => Instructions.Out32(DebugExitPort, value);

    /// <summary>Ends the emulator with status 0.</summary>
    public static void PowerOff() => Instructions.Out16(PowerPort, SoftOff);
}
