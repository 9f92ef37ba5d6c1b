namespace Haltpoint.Stopping;

/// <summary>The machine whose CPUs are rounded up.</summary>
/// <remarks>
/// Called on whichever CPU takes a step, by several at once, in exceptions and NMIs: nothing here may wait or take a lock that a stopped
/// CPU can hold. Where a CPU number is given for the caller's own registers it is the caller's.
/// </remarks>
public interface IRoundupTarget<TSelf>
    where TSelf : struct
{
    /// <summary>A clock that runs while the machine is stopped, in the unit of the round-up's patience.</summary>
    static abstract long Now(ref TSelf self);

    /// <summary>What a loop that waits for another CPU says to its own.</summary>
    static abstract void Relax(ref TSelf self);

    /// <summary>Waits on this CPU until it was woken; a <see cref="Wake"/> since its last sleep ends this one at once. It may end early.</summary>
    static abstract void Sleep(ref TSelf self, int cpu);

    /// <summary>Ends the sleep of another CPU, or its next one.</summary>
    static abstract void Wake(ref TSelf self, int cpu);

    static abstract void SendNmi(ref TSelf self, int cpu);

    /// <summary>Turns the CPU's own debug registers off (B-21, B-24).</summary>
    static abstract void Disarm(ref TSelf self, int cpu);

    /// <summary>Programs the CPU's own debug registers from the desired set (B-22, B-25).</summary>
    static abstract void Rearm(ref TSelf self, int cpu);

    /// <summary>The thread that runs on a stopped CPU. No two have the same number, idle ones included, and none is 0.</summary>
    static abstract ulong ThreadOn(ref TSelf self, int cpu);

    /// <summary>Whether the hit of a stopped CPU still has to be told: its breakpoint may be gone by now (D-15).</summary>
    static abstract bool IsWanted(ref TSelf self, int cpu);

    /// <summary>Whether the debugger asks for a stop while nobody is master; asked by CPUs that a resume left held.</summary>
    /// <remarks>Told to one CPU once; it then has a hit. Without it a machine whose only running CPU hangs could not be stopped.</remarks>
    static abstract bool TryTakeBreakIn(ref TSelf self, int cpu);

    /// <summary>Takes the trap that the debugger ran into out of memory. One CPU at a time.</summary>
    static abstract TrapRemoval RemoveTrap(ref TSelf self, int cpu, ulong address);
}
