namespace Haltpoint.Breakpoints;

/// <summary>One slot of a process: the piece in it and how many requests hold it, by what they want.</summary>
public struct HardwareSlot
{
    /// <summary>Outlives the last holder, so that the same piece coming back finds its address still in the register.</summary>
    public ulong Address;
    public int Length;
    public int ExecuteHolders;
    public int WriteHolders;
    public int AccessHolders;

    public readonly bool IsFree => (ExecuteHolders | WriteHolders | AccessHolders) == 0;

    /// <summary>What the register has to watch for so that every holder hears of its accesses.</summary>
    public readonly AccessKind Access =>
        ExecuteHolders != 0 ? AccessKind.Execute
        : AccessHolders != 0 ? AccessKind.ReadWrite
        : WriteHolders != 0 ? AccessKind.Write
        : AccessKind.None;
}
