using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Signals.</summary>
internal static class SignalCalls
{
    public static readonly SystemCall[] All =
    [
        new(13, "rt_sigaction", [Value, In(32), Out(32), Value]),
        new(14, "rt_sigprocmask", [Value, In(By(3)), Out(By(3)), Value]),
        new(15, "rt_sigreturn", []) { Class = SystemCallClass.SignalReturn },
        new(34, "pause", []),
        new(37, "alarm", [Value]),
        new(62, "kill", [Value, Value]),
        new(200, "tkill", [Value, Value]),
        new(234, "tgkill", [Value, Value, Value]),
        new(127, "rt_sigpending", [Out(By(1)), Value]),
        new(128, "rt_sigtimedwait", [In(By(3)), Out(128, WhenPositive), In(16), Value]),
        new(129, "rt_sigqueueinfo", [Value, Value, In(128)]),
        new(297, "rt_tgsigqueueinfo", [Value, Value, Value, In(128)]),
        new(130, "rt_sigsuspend", [In(By(1)), Value]),
        new(131, "sigaltstack", [In(24), Out(24)]),
        new(424, "pidfd_send_signal", [Value, Value, In(128), Value]),
        new(219, "restart_syscall", []),
    ];
}
