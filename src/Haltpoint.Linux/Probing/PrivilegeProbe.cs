namespace Haltpoint.Linux.Probing;

internal static class PrivilegeProbe
{
    public static Finding LookAtCapabilities(Privileges privileges)
    {
        string trace = privileges.CanTraceOthers ? "CAP_SYS_PTRACE" : "no CAP_SYS_PTRACE (own processes only)";
        string perf = privileges.CanUsePerf ? "CAP_PERFMON" : "no CAP_PERFMON";
        return new Finding("capabilities", FindingState.Good, $"{trace}, {perf}");
    }

    /// <summary>Whether a filter does harm is seen where tracing is tried.</summary>
    public static Finding LookAtSeccomp(Privileges privileges) => new("seccomp", FindingState.Good, privileges.SeccompMode switch
    {
        0 => "off",
        1 => "strict mode",
        _ => "a filter is on; what it denies shows in the other lines",
    });
}
