using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Debugging;

/// <summary>A step that has begun and not ended.</summary>
internal unsafe struct StepRecord
{
    /// <summary>Null when there is none.</summary>
    public KernelThread* Thread;

    public StepForm Form;

    /// <summary>The interrupt flag before the step, which runs with interrupts off: they would be stepped into.</summary>
    public ulong InterruptFlag;
}
