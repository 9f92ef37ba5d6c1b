namespace Haltpoint.Breakpoints;

/// <summary>A hardware breakpoint or watchpoint as it was asked for.</summary>
public struct HardwareRequest
{
    public BreakpointKind Kind;
    public ulong Address;
    public int Length;

    /// <summary>How often it was inserted and not removed.</summary>
    public int Count;
}
