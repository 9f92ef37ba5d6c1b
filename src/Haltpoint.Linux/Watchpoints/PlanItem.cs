using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>A hardware breakpoint or watchpoint, as far as it matters for what is to hold it.</summary>
internal struct PlanItem
{
    public BreakpointKind Kind;
    public ulong Address;
    public int Length;

    /// <summary>What it costs outside of debug registers, in faults; of those on its pages that were for other bytes, too.</summary>
    public long Heat;

    /// <summary>Nothing else can hold it: its pages cannot be trapped, or there is no room for a trap.</summary>
    public bool NeedsRegisters;

    /// <summary>Where it is now; after planning, where it is to be.</summary>
    public bool IsInRegisters;
}
