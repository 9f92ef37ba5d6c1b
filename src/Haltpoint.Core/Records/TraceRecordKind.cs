namespace Haltpoint.Records;

/// <summary>What a <see cref="TraceRecord"/> tells.</summary>
public enum TraceRecordKind : byte
{
    None,
    Read,
    Write,

    /// <summary>An access whose instruction could not be followed.</summary>
    Unknown,
    Map,
    Unmap,
    Mark,
}
