using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Tracing;

/// <summary>How to trace.</summary>
public sealed record AccessTraceOptions
{
    /// <summary>Reads, writes or both.</summary>
    public AccessKind Access { get; init; } = AccessKind.ReadWrite;

    /// <summary>Gives each access what was read or written, and what was there before.</summary>
    public bool Values { get; init; }

    /// <summary>Gives each access the stack it was made on.</summary>
    public bool Stacks { get; init; }
}
