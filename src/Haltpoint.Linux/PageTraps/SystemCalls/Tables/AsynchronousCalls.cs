using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Calls that begin what goes on when they have returned.</summary>
internal static class AsynchronousCalls
{
    public static readonly SystemCall[] All =
    [
        new(206, "io_setup", [Value, Both(8)]),
        new(207, "io_destroy", [Value]),
        new(208, "io_getevents", [Value, Value, Value, Out(By(2, 32), Returned), In(16)]),
        new(333, "io_pgetevents", [Value, Value, Value, Out(By(2, 32), Returned), In(16), SignalSet]),
        new(209, "io_submit", [Value, Value, ControlBlocks(1)]),
        new(210, "io_cancel", [Value, In(64), Out(32)]),
        new(425, "io_uring_setup", [Value, Both(120)]) { Class = SystemCallClass.Refused },
        new(426, "io_uring_enter", [Value, Value, Value, Value, In(By(5)), Value]),
        new(427, "io_uring_register", [Value, Value, In(By(3)), Value], isPartlyKnown: true),
    ];
}
