namespace Haltpoint.Linux.Guarding;

/// <summary>A trap that may be in memory.</summary>
internal struct GuardedTrap
{
    public ulong Address;

    /// <summary>Which process, by its place in the table and one more; 0 for a free entry.</summary>
    public int Owner;

    /// <summary>The byte under it.</summary>
    public byte Covered;
}
