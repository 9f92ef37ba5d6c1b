using System;
using Haltpoint.Breakpoints;

namespace Haltpoint.Targets;

/// <summary>Breakpoints and watchpoints of one process (or the machine).</summary>
public interface IBreakpoints<TSelf>
    where TSelf : struct
{
    /// <summary>Whether the kind can be inserted at all; false answers the packet with the empty reply.</summary>
    static abstract bool CanInsert(BreakpointKind kind);

    /// <summary>Whether conditions and commands can be judged at the target; otherwise <see cref="Insert"/> gets none.</summary>
    static virtual bool CanEvaluate => true;

    /// <summary>Inserts it on every thread of the process, those that start later included, or on none.</summary>
    /// <param name="self">The target.</param>
    /// <param name="thread">Any thread of the process.</param>
    /// <param name="kind">Software, hardware or watch.</param>
    /// <param name="address">First byte.</param>
    /// <param name="length">Bytes watched, or the architecture's breakpoint kind (x86: 1).</param>
    /// <param name="conditions">Agent expressions, each preceded by its length as 4 bytes little endian; a hit is reported when any is true or when there is none.</param>
    /// <param name="commands">Agent expressions to run at a reported hit, in the same form.</param>
    /// <param name="persist">Commands that outlive the connection.</param>
    /// <remarks>Inserting what is inserted replaces its conditions and commands and counts once.</remarks>
    static abstract TargetStatus Insert(
        ref TSelf self, ThreadId thread, BreakpointKind kind, ulong address, int length,
        ReadOnlySpan<byte> conditions, ReadOnlySpan<byte> commands, bool persist);

    /// <summary>Whether the client drops hits of write watchpoints that left the value as it was: the target then need not report them.</summary>
    static virtual void SetDropsUnchangedWrites(ref TSelf self, bool on) { }

    static abstract TargetStatus Remove(ref TSelf self, ThreadId thread, BreakpointKind kind, ulong address, int length);
}
