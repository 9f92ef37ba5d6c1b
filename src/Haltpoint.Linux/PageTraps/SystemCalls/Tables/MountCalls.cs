using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>File systems and what they are mounted on.</summary>
internal static class MountCalls
{
    public static readonly SystemCall[] All =
    [
        new(165, "mount", [Path, Path, Path, Value, Path]),
        new(166, "umount2", [Path, Value]),
        new(155, "pivot_root", [Path, Path]),
        new(167, "swapon", [Path, Value]),
        new(168, "swapoff", [Path]),
        new(163, "acct", [Path]),
        new(139, "sysfs", [Value, Value, Value])
        {
            Operations = [new(1, Value, Path, Value), new(2, Value, Value, Out(256))],
        },
        new(179, "quotactl", [Value, Path, Value, Out(112)], isPartlyKnown: true),
        new(443, "quotactl_fd", [Value, Value, Value, Out(112)], isPartlyKnown: true),
        new(428, "open_tree", [Value, Path, Value]),
        new(467, "open_tree_attr", [Value, Path, Value, In(By(4)), Value]),
        new(429, "move_mount", [Value, Path, Value, Path, Value]),
        new(430, "fsopen", [Path, Value]),
        new(431, "fsconfig", [Value, Value, Text(256), Value, Value])
        {
            Selector = 1,
            Operations =
            [
                new(1, Value, Value, Text(256), Text(256), Value),
                new(2, Value, Value, Text(256), In(By(4)), Value),
                new(3, Value, Value, Text(256), Path, Value),
                new(4, Value, Value, Text(256), Path, Value),
            ],
        },
        new(432, "fsmount", [Value, Value, Value]),
        new(433, "fspick", [Value, Path, Value]),
        new(442, "mount_setattr", [Value, Path, Value, In(By(4)), Value]),
        new(457, "statmount", [In(ByField(0, 64)), Out(By(2)), Value, Value]),
        new(458, "listmount", [In(ByField(0, 64)), Out(By(2, 8), Returned), Value, Value]),
        new(444, "landlock_create_ruleset", [In(By(1)), Value, Value]),
        new(445, "landlock_add_rule", [Value, Value, In(16), Value]),
        new(446, "landlock_restrict_self", [Value, Value]),
    ];
}
