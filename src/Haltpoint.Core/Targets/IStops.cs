using System;
using Haltpoint.Stopping;

namespace Haltpoint.Targets;

/// <summary>What stopped and has to be reported.</summary>
public interface IStops<TSelf>
    where TSelf : struct
{
    /// <summary>Takes the next stop to report. In all-stop mode every thread is stopped when this returns true.</summary>
    /// <remarks>
    /// A stop taken here counts as reported; in non-stop mode only from the next call on, even one without a stop: until then the
    /// client may not have heard of it, and a resume of "all" does not mean its thread, nor a child it tells of. A stop not taken is
    /// kept through resumes; a client that detaches from a process or kills it hears no more of it.
    /// </remarks>
    static abstract bool TryTakeStop(ref TSelf self, out StopEvent stop);

    /// <summary>The last reported stop of a thread that is stopped now; a thread stopped only because another was reports signal 0.</summary>
    static abstract bool TryGetStop(ref TSelf self, ThreadId thread, out StopEvent stop);

    /// <summary>Path of the program after <see cref="StopKind.Executed"/>.</summary>
    static virtual int ReadExecPath(ref TSelf self, ThreadId thread, Span<byte> into) => 0;
}
