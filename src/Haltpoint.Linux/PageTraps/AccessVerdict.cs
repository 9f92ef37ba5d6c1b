namespace Haltpoint.Linux.PageTraps;

/// <summary>What becomes of a thread after an access that was just told.</summary>
public enum AccessVerdict : byte
{
    RunOn,

    /// <summary>It stops behind the access, which is done, and the stop is reported as that of a watchpoint at the probe.</summary>
    Stop,
}
