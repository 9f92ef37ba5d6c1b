using System.Collections.Generic;
using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.PageTraps;

/// <summary>A range of a process's memory that somebody asked to hear of. Made by <see cref="Ptrace.PtraceSession.AddProbe"/>.</summary>
public sealed class PageProbe
{
    internal PageProbe(int process, ulong start, ulong end, AccessKind access, IAccessSink sink)
    {
        Process = process;
        Start = start;
        End = end;
        Access = access;
        Sink = sink;
    }

    public int Process { get; }

    /// <summary>First byte.</summary>
    public ulong Start { get; }

    /// <summary>Address after the last byte.</summary>
    public ulong End { get; }

    /// <summary>Read, write or both.</summary>
    public AccessKind Access { get; }

    public IAccessSink Sink { get; }

    /// <summary>Accesses told so far.</summary>
    public long Hits { get; internal set; }

    /// <summary>Neither removed nor withdrawn.</summary>
    public bool IsActive { get; internal set; } = true;

    /// <summary>What of the range is not trapped, and why; empty unless that was allowed when the probe was added.</summary>
    public IReadOnlyList<SkippedPages> Skipped { get; internal set; } = [];

    /// <summary>Whether pages that cannot be trapped are left out.</summary>
    internal bool AllowsSkips { get; init; }

    /// <summary>Its number in the table of its address space.</summary>
    internal int Id { get; set; }

    internal bool Wants(ulong start, ulong end, AccessKind kind) => start < End && end > Start && (kind & Access) != 0;
}
