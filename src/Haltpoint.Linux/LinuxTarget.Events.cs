using System;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IEvents.
public readonly partial struct LinuxTarget
{
    public static bool CanReportForks => true;

    public static bool CanReportExecs => true;

    public static bool CanReportThreads => true;

    public static bool CanReportNoResumed => true;

    public static bool CanCatchSyscalls => true;

    public static bool CanPassSignals => true;

    public static void SetForkEvents(ref LinuxTarget self, bool forks, bool vforks) => self._session.SetForkEvents(forks, vforks);

    public static void SetExecEvents(ref LinuxTarget self, bool on) => self._session.SetExecEvents(on);

    public static TargetStatus SetThreadEvents(ref LinuxTarget self, bool on)
    {
        self._session.SetThreadEvents(on);
        return TargetStatus.Ok;
    }

    public static void SetNoResumedEvents(ref LinuxTarget self, bool on) => self._session.SetNoResumedEvents(on);

    public static TargetStatus SetPassedSignals(ref LinuxTarget self, ReadOnlySpan<ulong> signals)
    {
        self._session.SetPassedSignals(signals);
        return TargetStatus.Ok;
    }

    public static TargetStatus SetProgramSignals(ref LinuxTarget self, ReadOnlySpan<ulong> signals)
    {
        self._session.SetProgramSignals(signals);
        return TargetStatus.Ok;
    }

    public static TargetStatus CatchSyscalls(ref LinuxTarget self, ThreadId thread, bool on, ReadOnlySpan<int> numbers) =>
        self._session.ProcessOf(thread) is { } process ? PtraceSession.CatchSyscalls(process, on, numbers) : TargetStatus.NoSuchProcess;
}
