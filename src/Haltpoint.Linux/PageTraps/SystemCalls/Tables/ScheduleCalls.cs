using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Processors and priorities.</summary>
internal static class ScheduleCalls
{
    public static readonly SystemCall[] All =
    [
        new(24, "sched_yield", []),
        new(140, "getpriority", [Value, Value]),
        new(141, "setpriority", [Value, Value, Value]),
        new(142, "sched_setparam", [Value, In(4)]),
        new(143, "sched_getparam", [Value, Out(4)]),
        new(144, "sched_setscheduler", [Value, Value, In(4)]),
        new(145, "sched_getscheduler", [Value]),
        new(146, "sched_get_priority_max", [Value]),
        new(147, "sched_get_priority_min", [Value]),
        new(148, "sched_rr_get_interval", [Value, Out(16)]),
        new(203, "sched_setaffinity", [Value, Value, In(By(1))]),
        new(204, "sched_getaffinity", [Value, Value, Out(By(1), Returned)]),
        new(314, "sched_setattr", [Value, In(ByField(0, 4096)), Value]),
        new(315, "sched_getattr", [Value, Out(By(2)), Value, Value]),
        new(251, "ioprio_set", [Value, Value, Value]),
        new(252, "ioprio_get", [Value, Value]),
        new(309, "getcpu", [Out(4), Out(4), Value]),
        new(324, "membarrier", [Value, Value, Value]),
    ];
}
