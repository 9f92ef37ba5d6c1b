using System;

namespace Haltpoint.Targets;

/// <summary>How the next program is started. Goes with <see cref="IProcesses{TSelf}.CanManageProcesses"/>.</summary>
public interface ILaunchSettings<TSelf>
    where TSelf : struct
{
    static virtual TargetStatus SetStartupWithShell(ref TSelf self, bool on) => TargetStatus.Unsupported;

    static virtual TargetStatus SetDisableRandomization(ref TSelf self, bool on) => TargetStatus.Unsupported;

    /// <param name="self">The target.</param>
    /// <param name="assignment">NAME=VALUE to set, NAME alone to unset.</param>
    static virtual TargetStatus SetEnvironment(ref TSelf self, ReadOnlySpan<byte> assignment) => TargetStatus.Unsupported;

    static virtual TargetStatus ResetEnvironment(ref TSelf self) => TargetStatus.Unsupported;

    /// <summary>Empty: the server's own directory.</summary>
    static virtual TargetStatus SetWorkingDirectory(ref TSelf self, ReadOnlySpan<byte> path) => TargetStatus.Unsupported;
}
