using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Waiting for many files at once.</summary>
internal static class EventCalls
{
    public static readonly SystemCall[] All =
    [
        new(7, "poll", [Both(By(1, 8), Always, WrittenParts.Poll), Value, Value]),
        new(271, "ppoll", [Both(By(1, 8), Always, WrittenParts.Poll), Value, Both(16, Always), In(By(4)), Value]),
        new(23, "select", [Value, Both(Bits(0)), Both(Bits(0)), Both(Bits(0)), Both(16, Always)]),
        new(270, "pselect6", [Value, Both(Bits(0)), Both(Bits(0)), Both(Bits(0)), Both(16, Always), SignalSet]),
        new(213, "epoll_create", [Value]),
        new(291, "epoll_create1", [Value]),
        new(233, "epoll_ctl", [Value, Value, Value, In(12)]),
        new(232, "epoll_wait", [Value, Out(By(2, 12), Returned), Value, Value]),
        new(281, "epoll_pwait", [Value, Out(By(2, 12), Returned), Value, Value, In(By(5)), Value]),
        new(441, "epoll_pwait2", [Value, Out(By(2, 12), Returned), Value, In(16), In(By(5)), Value]),
        new(214, "epoll_ctl_old", []),
        new(215, "epoll_wait_old", []),
        new(284, "eventfd", [Value]),
        new(290, "eventfd2", [Value, Value]),
        new(282, "signalfd", [Value, In(By(2)), Value]),
        new(289, "signalfd4", [Value, In(By(2)), Value, Value]),
        new(253, "inotify_init", []),
        new(294, "inotify_init1", [Value]),
        new(254, "inotify_add_watch", [Value, Path, Value]),
        new(255, "inotify_rm_watch", [Value, Value]),
        new(300, "fanotify_init", [Value, Value]),
        new(301, "fanotify_mark", [Value, Value, Value, Value, Path]),
    ];
}
