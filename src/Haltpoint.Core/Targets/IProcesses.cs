using System;

namespace Haltpoint.Targets;

/// <summary>Extended mode: processes come and go under the server.</summary>
public interface IProcesses<TSelf>
    where TSelf : struct
{
    static virtual bool CanManageProcesses => false;

    /// <summary>Starts a program; its first stop comes through <see cref="IStops{TSelf}"/>.</summary>
    /// <param name="self">The target.</param>
    /// <param name="arguments">Program and arguments, each ended by a zero byte; no bytes at all means "as the last time".</param>
    static virtual TargetStatus Run(ref TSelf self, ReadOnlySpan<byte> arguments) => TargetStatus.Unsupported;

    static virtual TargetStatus Attach(ref TSelf self, int process) => TargetStatus.Unsupported;

    /// <summary>Removes all of ours from the process and lets it run.</summary>
    static abstract TargetStatus Detach(ref TSelf self, int process);

    /// <summary>Ends the process; its threads are gone when this returns.</summary>
    static abstract TargetStatus Kill(ref TSelf self, int process);

    /// <summary>Whether the server attached to it (1) or started it (0); -1 when there is no such process.</summary>
    static virtual int WasAttached(ref TSelf self, int process) => -1;
}
