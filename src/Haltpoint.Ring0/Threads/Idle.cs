using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Threads;

/// <summary>What a CPU does when no thread wants it.</summary>
internal static unsafe class Idle
{
    /// <summary>Never returns.</summary>
    public static void Run(Cpu* cpu)
    {
        while (true)
        {
            // Off, so that no thread becomes ready between the look and the sleep.
            Instructions.DisableInterrupts();
            if (cpu->Queue.Length > 0)
            {
                Instructions.Reschedule();
            }
            else
            {
                Instructions.WaitForInterrupt();
            }
        }
    }
}
