namespace Haltpoint.Breakpoints.Slots;

/// <summary>Addresses that must not be watched: entry stubs, descriptor tables, the debugger's own code and data (A-20, A-22, B-31).</summary>
public struct ForbiddenRange
{
    public ulong Start;
    public ulong Length;

    /// <summary>The accesses that are refused; execute alone for code that a breakpoint would recurse into.</summary>
    public AccessKind Accesses;

    internal readonly bool Refuses(ulong address, ulong length, AccessKind access) =>
        (Accesses & access) != 0 && (address >= Start ? address - Start < Length : Start - address < length);
}
