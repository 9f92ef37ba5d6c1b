namespace Haltpoint.Linux.Probing;

/// <summary>Yama's limit on attaching (Documentation/admin-guide/LSM/Yama.rst).</summary>
internal static class PtraceScopeProbe
{
    private const string Name = "ptrace_scope";
    private const string Fix = "sudo sysctl kernel.yama.ptrace_scope=0    (or run haltpoint with sudo)";

    public static Finding Look(Privileges privileges) => SystemFile.ReadNumber("/proc/sys/kernel/yama/ptrace_scope") switch
    {
        null => new Finding(Name, FindingState.Good, "the kernel has no Yama: processes of the same user can be attached to"),
        0 => new Finding(Name, FindingState.Good, "0: processes of the same user can be attached to"),
        3 => new Finding(Name, FindingState.Missing, "3: nothing can be traced until the next boot", "set kernel.yama.ptrace_scope to 0 in /etc/sysctl.d and reboot"),
        int scope when privileges.CanTraceOthers => new Finding(Name, FindingState.Good, $"{scope}, and this process has CAP_SYS_PTRACE, which overrules it"),
        1 => new Finding(Name, FindingState.Limited, "1: programs started by haltpoint can be debugged, others can't be attached to", Fix),
        int scope => new Finding(Name, FindingState.Limited, $"{scope}: only an administrator may attach", Fix),
    };
}
