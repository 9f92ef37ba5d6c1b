namespace Haltpoint.Ring0.Debugging;

/// <summary>What an instruction does with the flags that a step changes: trap and interrupt.</summary>
internal enum StepForm : byte
{
    Ordinary,

    /// <summary>Writes the flags to the stack.</summary>
    Pushes,

    /// <summary>Makes the interrupt flag itself: cli, sti, popf, iret.</summary>
    Loads,

    /// <summary>Sleeps until an interrupt.</summary>
    Halts,

    /// <summary>Goes through a gate, from where the scheduler may go on with another thread: the flags come back with this one.</summary>
    Interrupts,
}
