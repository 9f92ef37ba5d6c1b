namespace Haltpoint.Breakpoints;

/// <summary>What a slot that fired means to the debugger.</summary>
public struct HardwareHit
{
    /// <summary><see cref="BreakpointKind.Hardware"/>, or the kind of watch to report.</summary>
    public BreakpointKind Kind;

    /// <summary>First byte of the piece: inside every request that holds it, which is all that gdb looks at.</summary>
    public ulong Address;
    public int Length;
    public int Slot;
}
