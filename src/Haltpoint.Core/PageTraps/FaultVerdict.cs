namespace Haltpoint.PageTraps;

/// <summary>Whose a page fault is.</summary>
public enum FaultVerdict : byte
{
    /// <summary>The program's own: it must get it untouched.</summary>
    NotOurs,

    /// <summary>At an armed page: the access has to be made for the program, watched or not.</summary>
    Trapped,

    /// <summary>Ours, but the page has been opened or disarmed since: the instruction just runs again (G-30).</summary>
    Retry,
}
