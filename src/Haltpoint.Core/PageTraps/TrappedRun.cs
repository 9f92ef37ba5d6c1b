namespace Haltpoint.PageTraps;

/// <summary>Neighbouring pages that are armed, with one way back to what they hold.</summary>
public struct TrappedRun
{
    public ulong Start;

    /// <summary>Address after the last page.</summary>
    public ulong End;

    /// <summary>What leads from an address in the run to its contents; the target's own, never looked at here.</summary>
    public ulong Home;

    /// <summary>The pages are back for a while, for something that can be done in no other way.</summary>
    public bool IsOpen;

    public readonly bool Contains(ulong address) => address - Start < End - Start;
}
