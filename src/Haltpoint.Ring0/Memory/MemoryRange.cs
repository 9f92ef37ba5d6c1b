namespace Haltpoint.Ring0.Memory;

/// <summary>Usable physical memory, half-open.</summary>
internal struct MemoryRange
{
    public ulong Start;
    public ulong End;
}
