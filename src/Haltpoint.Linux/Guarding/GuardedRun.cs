namespace Haltpoint.Linux.Guarding;

/// <summary>Pages that may be at their home (<see cref="Haltpoint.PageTraps.TrappedRun"/>).</summary>
internal struct GuardedRun
{
    public ulong Start;
    public ulong End;
    public ulong Home;

    /// <summary>Which process, by its place in the table and one more; 0 for a free entry.</summary>
    public int Owner;
}
