using System;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IProcesses.
public readonly partial struct LinuxTarget
{
    public static bool CanManageProcesses => true;

    public static TargetStatus Run(ref LinuxTarget self, ReadOnlySpan<byte> arguments) => self._session.RunAgain(arguments);

    public static TargetStatus Attach(ref LinuxTarget self, int process) => self._session.Attach(process);

    public static TargetStatus Detach(ref LinuxTarget self, int process) => self._session.Detach(process);

    public static TargetStatus Kill(ref LinuxTarget self, int process) => self._session.Kill(process);

    public static int WasAttached(ref LinuxTarget self, int process) =>
        self._session.FindProcess(process) is { } found ? (found.WasAttached ? 1 : 0) : -1;
}
