namespace Haltpoint.Linux.Ptrace;

/// <summary>What is to happen at a breakpoint besides a stop: agent expressions, each preceded by its length in 4 bytes.</summary>
internal sealed record BreakpointActions(byte[] Conditions, byte[] Commands, bool Persist)
{
    public static BreakpointActions None { get; } = new([], [], false);

    /// <summary>Whether the debugger is to hear of a hit: it judges all of them itself so far.</summary>
    public bool IsReported(PtraceSession session, Tracee tracee) => session is not null && tracee is not null;
}
