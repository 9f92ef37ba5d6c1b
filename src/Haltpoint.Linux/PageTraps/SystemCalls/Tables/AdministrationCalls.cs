using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>The machine, its kernel, its keys; and numbers that are taken but do nothing.</summary>
internal static class AdministrationCalls
{
    public static readonly SystemCall[] All =
    [
        new(63, "uname", [Out(390)]),
        new(99, "sysinfo", [Out(112)]),
        new(170, "sethostname", [In(By(1)), Value]),
        new(171, "setdomainname", [In(By(1)), Value]),
        new(318, "getrandom", [Out(By(1), Returned), Value, Value]),
        new(103, "syslog", [Value, Out(By(2), Returned), Value]),
        new(169, "reboot", [Value, Value, Value, Text(256)]),
        new(174, "create_module", []),
        new(175, "init_module", [In(By(1)), Value, Path]),
        new(313, "finit_module", [Value, Path, Value]),
        new(176, "delete_module", [Text(64), Value]),
        new(246, "kexec_load", [Value, Value, In(By(1, 32)), Value], isPartlyKnown: true),
        new(320, "kexec_file_load", [Value, Value, Value, In(By(2)), Value]),
        new(298, "perf_event_open", [In(ByField(4, 4096)), Value, Value, Value, Value]),
        new(321, "bpf", [Value, Both(By(2)), Value], isPartlyKnown: true),
        new(248, "add_key", [Text(32), Path, In(By(3)), Value, Value]),
        new(249, "request_key", [Text(32), Path, Path, Value]),
        ControlCalls.Keyctl,
        new(459, "lsm_get_self_attr", [Value, Out(ByWord(2, 1 << 16), LengthWord), Both(4), Value]),
        new(460, "lsm_set_self_attr", [Value, In(By(2)), Value, Value]),
        new(461, "lsm_list_modules", [Out(ByWord(1, 1 << 16), LengthWord), Both(4), Value]),
        new(335, "uretprobe", []),
        new(336, "uprobe", []),
        new(156, "_sysctl", []),
        new(177, "get_kernel_syms", []),
        new(178, "query_module", []),
        new(180, "nfsservctl", []),
        new(181, "getpmsg", []),
        new(182, "putpmsg", []),
        new(183, "afs_syscall", []),
        new(184, "tuxcall", []),
        new(185, "security", []),
        new(236, "vserver", []),
    ];
}
