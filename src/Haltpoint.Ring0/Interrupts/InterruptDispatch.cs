using System.Runtime.InteropServices;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Interrupts;

/// <summary>Where Entries.S goes with each interrupt and exception, interrupts off, on the stack of what was interrupted or on the vector's own.</summary>
internal static unsafe class InterruptDispatch
{
    /// <returns>The frame to go on with: this one, or that of the thread to run next.</returns>
    [UnmanagedCallersOnly(EntryPoint = "interrupt_dispatch")]
    private static InterruptFrame* Dispatch(InterruptFrame* frame)
    {
        Cpu* cpu = Instructions.Current();
        int vector = (int)frame->Vector;
        if (vector < Vectors.FirstInterrupt)
        {
            return Exceptions.Handle(cpu, frame);
        }

        return DeviceInterrupts.Handle(cpu, frame, vector);
    }
}
