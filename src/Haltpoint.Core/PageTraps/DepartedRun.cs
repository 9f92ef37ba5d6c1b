namespace Haltpoint.PageTraps;

/// <summary>Pages that were armed; a fault at them may still be on its way.</summary>
public struct DepartedRun
{
    public ulong Start;

    /// <summary>Address after the last page.</summary>
    public ulong End;

    /// <summary>The table's stamp after they were disarmed.</summary>
    public ulong Stamp;
}
