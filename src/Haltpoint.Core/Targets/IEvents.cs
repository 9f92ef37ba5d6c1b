using System;

namespace Haltpoint.Targets;

/// <summary>Which events the debugger wants to hear of.</summary>
public interface IEvents<TSelf>
    where TSelf : struct
{
    static virtual bool CanReportForks => false;

    static virtual bool CanReportExecs => false;

    static virtual bool CanReportThreads => false;

    static virtual bool CanReportNoResumed => false;

    static virtual bool CanCatchSyscalls => false;

    static virtual bool CanPassSignals => false;

    static virtual void SetForkEvents(ref TSelf self, bool forks, bool vforks) { }

    static virtual void SetExecEvents(ref TSelf self, bool on) { }

    static virtual TargetStatus SetThreadEvents(ref TSelf self, bool on) => TargetStatus.Unsupported;

    static virtual void SetNoResumedEvents(ref TSelf self, bool on) { }

    /// <summary>Signals (target numbers, one bit each: bit n of the span is signal n) that go to the program without a stop.</summary>
    static virtual TargetStatus SetPassedSignals(ref TSelf self, ReadOnlySpan<ulong> signals) => TargetStatus.Unsupported;

    /// <summary>Signals that may be delivered at all when the server resumes on its own or detaches.</summary>
    static virtual TargetStatus SetProgramSignals(ref TSelf self, ReadOnlySpan<ulong> signals) => TargetStatus.Unsupported;

    /// <summary>Stops at entry and return of these system calls of the process; all of them when the list is empty.</summary>
    static virtual TargetStatus CatchSyscalls(ref TSelf self, ThreadId thread, bool on, ReadOnlySpan<int> numbers) => TargetStatus.Unsupported;
}
