using System;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// ILaunchSettings.
public readonly partial struct LinuxTarget
{
    public static TargetStatus SetStartupWithShell(ref LinuxTarget self, bool on)
    {
        self._session.Launch.IsThroughShell = on;
        return TargetStatus.Ok;
    }

    public static TargetStatus SetDisableRandomization(ref LinuxTarget self, bool on)
    {
        self._session.Launch.DisablesRandomization = on;
        return TargetStatus.Ok;
    }

    public static TargetStatus SetEnvironment(ref LinuxTarget self, ReadOnlySpan<byte> assignment)
    {
        self._session.Launch.SetEnvironment(assignment);
        return TargetStatus.Ok;
    }

    public static TargetStatus ResetEnvironment(ref LinuxTarget self)
    {
        self._session.Launch.ResetEnvironment();
        return TargetStatus.Ok;
    }

    public static TargetStatus SetWorkingDirectory(ref LinuxTarget self, ReadOnlySpan<byte> path)
    {
        self._session.Launch.WorkingDirectory = path.ToArray();
        return TargetStatus.Ok;
    }
}
