using System;

namespace Haltpoint.Targets;

/// <summary>The threads there are, running or stopped.</summary>
public interface IThreads<TSelf>
    where TSelf : struct
{
    /// <summary>Moves <paramref name="cursor"/> to the next thread; <see cref="ThreadId.None"/> starts. Threads of one process come together.</summary>
    static abstract bool TryNextThread(ref TSelf self, ref ThreadId cursor);

    static abstract bool IsAlive(ref TSelf self, ThreadId thread);

    /// <summary>The thread's own name, in the target's character set. 0 when it has none.</summary>
    static virtual int ReadThreadName(ref TSelf self, ThreadId thread, Span<byte> into) => 0;

    /// <summary>A few words on its state, for people. 0 when there is nothing to say.</summary>
    static virtual int ReadThreadInfo(ref TSelf self, ThreadId thread, Span<byte> into) => 0;

    /// <summary>The CPU it last ran on, or -1.</summary>
    static virtual int LastCpu(ref TSelf self, ThreadId thread) => -1;
}
