using Haltpoint.Ring0.Debugging;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Serial;

/// <summary>The second serial port: the debugger's alone. It polls; while the machine runs, a byte that comes in makes an interrupt.</summary>
internal static unsafe class DebugPort
{
    public static Uart Port => new(Uart.Com2);

    /// <summary>The port's interrupt, on the CPU that took it. Edge-triggered: whatever is left in the port makes no second one.</summary>
    public static void Receive(InterruptFrame* frame) => Debugger.Receive(frame);
}
