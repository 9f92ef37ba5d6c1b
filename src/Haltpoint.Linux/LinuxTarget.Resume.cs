using System;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IResume.
public readonly partial struct LinuxTarget
{
    public static bool CanNonStop => true;

    public static bool CanStepRange => true;

    public static TargetStatus Resume(ref LinuxTarget self, ReadOnlySpan<ResumeAction> actions) => self._session.Resume(actions);

    public static void Interrupt(ref LinuxTarget self) => self._session.Interrupt();

    public static TargetStatus SetNonStop(ref LinuxTarget self, bool on) => self._session.SetNonStop(on);

    public static TargetStatus SetProgramCounter(ref LinuxTarget self, ThreadId thread, ulong address) =>
        self._session.Find(thread) is { } tracee && tracee.Registers.Redirect(address) ? TargetStatus.Ok : TargetStatus.NoSuchThread;
}
