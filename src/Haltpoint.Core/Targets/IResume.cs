using System;

namespace Haltpoint.Targets;

/// <summary>Letting threads run, and asking them to stop.</summary>
public interface IResume<TSelf>
    where TSelf : struct
{
    /// <summary>Starts what the actions say and returns at once. Threads that no action covers stay stopped.</summary>
    /// <remarks>
    /// In all-stop mode a stop that is already waiting (<see cref="IStops{TSelf}.TryTakeStop"/>) is reported in place of resuming anything.
    /// </remarks>
    static abstract TargetStatus Resume(ref TSelf self, ReadOnlySpan<ResumeAction> actions);

    /// <summary>Ctrl-C: makes a running target stop soon; the stop is reported with SIGINT, or signal 0 where it can be told apart.</summary>
    static abstract void Interrupt(ref TSelf self);

    /// <summary>In non-stop mode a stop of one thread leaves the others running. Changes only while nothing runs.</summary>
    static virtual TargetStatus SetNonStop(ref TSelf self, bool on) => on ? TargetStatus.Unsupported : TargetStatus.Ok;

    static virtual bool CanNonStop => false;

    static virtual bool CanStepRange => false;

    /// <summary>Writes a program counter for packets that carry an address (<c>c ADDR</c>, <c>s ADDR</c>).</summary>
    static abstract TargetStatus SetProgramCounter(ref TSelf self, ThreadId thread, ulong address);
}
