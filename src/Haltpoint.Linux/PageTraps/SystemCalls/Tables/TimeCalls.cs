using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Clocks and timers.</summary>
internal static class TimeCalls
{
    public static readonly SystemCall[] All =
    [
        new(35, "nanosleep", [In(16), Out(16, WhenInterrupted)]),
        new(230, "clock_nanosleep", [Value, Value, In(16), Out(16, WhenInterrupted)])
        {
            Selector = 1,
            // TIMER_ABSTIME leaves no rest.
            SelectorMask = 1,
            Operations = [new(1, Value, Value, In(16), Value)],
        },
        new(96, "gettimeofday", [Out(16), Out(8)]),
        new(164, "settimeofday", [In(16), In(8)]),
        new(100, "times", [Out(32)]),
        new(201, "time", [Out(8)]),
        new(227, "clock_settime", [Value, In(16)]),
        new(228, "clock_gettime", [Value, Out(16)]),
        new(229, "clock_getres", [Value, Out(16)]),
        new(305, "clock_adjtime", [Value, Both(208)]),
        new(159, "adjtimex", [Both(208)]),
        new(36, "getitimer", [Value, Out(32)]),
        new(38, "setitimer", [Value, In(32), Out(32)]),
        new(222, "timer_create", [Value, In(64), Out(4)]),
        new(223, "timer_settime", [Value, Value, In(32), Out(32)]),
        new(224, "timer_gettime", [Value, Out(32)]),
        new(225, "timer_getoverrun", [Value]),
        new(226, "timer_delete", [Value]),
        new(283, "timerfd_create", [Value, Value]),
        new(286, "timerfd_settime", [Value, Value, In(32), Out(32)]),
        new(287, "timerfd_gettime", [Value, Out(32)]),
    ];
}
