using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Breakpoints;

/// <summary>A breakpoint or watchpoint of the kernel's, and what came of it. Its place in the table is its place in the pool.</summary>
internal unsafe struct Breakpoint
{
    /// <summary>None while nobody has it.</summary>
    public SlotId Id;

    public SlotRequest Request;

    /// <summary>With <see cref="SlotRequest.CpuMask"/>: a bit for each CPU.</summary>
    public ulong Cpus;

    /// <summary>Called at every hit, in the debug exception, interrupts and debug registers off: it may take no lock and not wait. Null to count alone.</summary>
    public delegate*<Breakpoint*, InterruptFrame*, void> Handler;

    public nint Argument;

    public long Hits;

    /// <summary>A bit for each CPU that it hit on.</summary>
    public long HitCpus;

    /// <summary>Of the last hit: behind the instruction that accessed, or at the one to be executed .</summary>
    public ulong LastInstruction;

    /// <summary>Of the last hit.</summary>
    public int LastThread;
}
