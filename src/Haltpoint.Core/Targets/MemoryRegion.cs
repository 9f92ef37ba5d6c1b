namespace Haltpoint.Targets;

/// <summary>Addresses that belong together: a mapping, or a hole between two.</summary>
public struct MemoryRegion
{
    public ulong Start;

    /// <summary>Address after the last; 0 when the region reaches the end of the address space.</summary>
    public ulong End;

    /// <summary>False for a hole.</summary>
    public bool IsMapped;
    public bool CanRead;
    public bool CanWrite;
    public bool CanExecute;
}
