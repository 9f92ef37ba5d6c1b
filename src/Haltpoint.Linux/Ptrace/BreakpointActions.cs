namespace Haltpoint.Linux.Ptrace;

/// <summary>What is to happen at a breakpoint besides a stop: agent expressions, as the packet gave them.</summary>
internal sealed record BreakpointActions(byte[] Conditions, byte[] Commands, bool Persist)
{
    public static BreakpointActions None { get; } = new([], [], false);
}
