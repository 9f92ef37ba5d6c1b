using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Boot;

/// <summary>QEMU's isa-debug-exit device: a write ends the emulator with status 2 * value + 1. Elsewhere nothing listens at the port.</summary>
internal static class EmulatorExit
{
    private const ushort Port = 0xF4;

    public static void Exit(uint value) => Instructions.Out32(Port, value);
}
