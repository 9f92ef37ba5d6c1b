namespace Haltpoint.Ring0.MmioTrace;

/// <summary>What became of a request to trace a mapping.</summary>
internal enum TraceStatus
{
    Ok,

    /// <summary>The very same range is traced already (G-10, G-11).</summary>
    Exists,

    /// <summary>Some of it is not mapped, or not in the area of devices.</summary>
    NotMapped,
    BadRange,
    Full,
}
