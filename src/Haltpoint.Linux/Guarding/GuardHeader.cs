namespace Haltpoint.Linux.Guarding;

/// <summary>The beginning of a <see cref="GuardTable"/>.</summary>
internal struct GuardHeader
{
    /// <summary>Whose table it is.</summary>
    public int Server;

    /// <summary>Its thread that traces.</summary>
    public int Thread;

    /// <summary>No entry at or behind these was ever used.</summary>
    public int ProcessEnd;
    public int TrapEnd;
    public int RunEnd;
    public int ThreadEnd;
}
