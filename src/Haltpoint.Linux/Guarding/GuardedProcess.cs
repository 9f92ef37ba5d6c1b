using Haltpoint.Linux.PageTraps;

namespace Haltpoint.Linux.Guarding;

/// <summary>A process in the <see cref="GuardTable"/>.</summary>
internal struct GuardedProcess
{
    /// <summary>0 for a free entry.</summary>
    public int Id;

    /// <summary>Its debug registers may be armed.</summary>
    public int HasRegisters;

    /// <summary>It was stopped by job control, and stays so.</summary>
    public int IsStopped;

    /// <summary>The area of ours in it; 0 for none.</summary>
    public ulong Scratch;

    /// <summary>Its actions for SIGSEGV and SIGTRAP may be ours in place of the two that follow.</summary>
    public int HasActions;

    public SignalAction Segment;
    public SignalAction Trap;

    /// <summary>Where it has a <c>syscall</c> instruction; 0 when nobody has looked for one.</summary>
    public ulong SystemCallInstruction;
}
