using System;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IProcesses.
public readonly partial struct LinuxTarget
{
    public static bool CanManageProcesses => true;

    public static TargetStatus Run(ref LinuxTarget self, ReadOnlySpan<byte> arguments)
    {
        TargetStatus status = self._session.RunAgain(arguments, out int process);
        if (status == TargetStatus.Ok)
        {
            self._session.Server.Console?.ProcessCreated(self._session.Launch.Arguments[0], process);
        }

        return status;
    }

    public static TargetStatus Attach(ref LinuxTarget self, int process)
    {
        TargetStatus status = self._session.Attach(process);
        if (status == TargetStatus.Ok)
        {
            self._session.Server.Console?.Attached(process);
        }

        return status;
    }

    public static TargetStatus Detach(ref LinuxTarget self, int process)
    {
        self._session.Server.Console?.Detaching(process);
        return self._session.Detach(process);
    }

    public static TargetStatus Kill(ref LinuxTarget self, int process) => self._session.Kill(process);

    public static int WasAttached(ref LinuxTarget self, int process) =>
        self._session.FindProcess(process) is { } found ? (found.WasAttached ? 1 : 0) : -1;
}
