using Haltpoint.Breakpoints;

namespace Haltpoint.PageTraps;

/// <summary>What was asked for: accesses to the bytes from <see cref="Start"/> up to <see cref="End"/>.</summary>
public struct Probe
{
    public ulong Start;

    /// <summary>Address after the last byte.</summary>
    public ulong End;

    /// <summary>Chosen by the table, never given twice (G-38).</summary>
    public int Id;
    public AccessKind Access;

    public readonly bool Wants(ulong start, ulong end, AccessKind access) => start < End && end > Start && (access & Access) != 0;
}
