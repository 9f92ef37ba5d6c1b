using System;

namespace Haltpoint.Targets;

/// <summary><c>monitor</c> commands: words a person types, text back.</summary>
public interface IMonitor<TSelf>
    where TSelf : struct
{
    static virtual bool HasMonitor => false;

    /// <summary>Runs a command; its output is then read in pieces with <see cref="ReadMonitorOutput"/>.</summary>
    static virtual TargetStatus RunMonitor(ref TSelf self, ThreadId thread, ReadOnlySpan<byte> command) => TargetStatus.Unsupported;

    /// <summary>The next piece of the output of the last command; 0 at its end, -1 when the command failed.</summary>
    static virtual int ReadMonitorOutput(ref TSelf self, Span<byte> into) => 0;
}
