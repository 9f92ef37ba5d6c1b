namespace Haltpoint.Linux.Tracing;

/// <summary>What a <see cref="TraceRecord"/> tells.</summary>
internal enum TraceRecordKind : byte
{
    Access,

    /// <summary>A mapping is traced from now on.</summary>
    Mapped,

    /// <summary>A mapping is gone.</summary>
    Unmapped,

    /// <summary>A process began, or became another program.</summary>
    Program,

    /// <summary>A file was mapped that may hold code.</summary>
    Code,
}
