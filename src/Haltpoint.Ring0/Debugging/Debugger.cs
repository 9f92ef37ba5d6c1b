using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Debugging;

/// <summary>Where the kernel hands over to the debugger.</summary>
internal static unsafe class Debugger
{
    /// <summary>Called for every exception that is not mended, NMI, #DB and #BP first of all, interrupts off; for NMI and #DB on their own stacks.</summary>
    /// <returns>Handled: what the frame now says goes on. Otherwise an NMI is only counted, and anything else is a panic.</returns>
    public static bool TryHandle(Cpu* cpu, InterruptFrame* frame) => false;

    /// <summary>A byte came in on the debug port; called with interrupts off, on whichever CPU took the interrupt.</summary>
    public static void Receive(InterruptFrame* frame)
    {
    }

    /// <summary>This CPU is in the list of those online, from now on gets the NMIs of the debugger, and runs no thread yet.</summary>
    public static void CpuOnline(Cpu* cpu)
    {
    }
}
