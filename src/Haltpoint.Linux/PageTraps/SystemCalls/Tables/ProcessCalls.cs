using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Processes, threads, and who they are.</summary>
internal static class ProcessCalls
{
    public static readonly SystemCall[] All =
    [
        new(56, "clone", [Value, Value, ParentThread, ChildThread, Value]) { Class = SystemCallClass.Birth },
        new(435, "clone3", [CloneArguments(1), Value]) { Class = SystemCallClass.Birth },
        new(57, "fork", []) { Class = SystemCallClass.Birth },
        new(58, "vfork", []) { Class = SystemCallClass.Birth },
        new(59, "execve", [Path, Strings, Strings]) { Class = SystemCallClass.Image },
        new(322, "execveat", [Value, Path, Strings, Strings, Value]) { Class = SystemCallClass.Image },
        new(60, "exit", [Value]) { Class = SystemCallClass.Exit },
        new(231, "exit_group", [Value]) { Class = SystemCallClass.Exit },
        new(61, "wait4", [Value, Out(4, WhenPositive), Value, Out(144, WhenPositive)]),
        new(247, "waitid", [Value, Value, Out(28), Value, Out(144)]),
        new(218, "set_tid_address", [Kept(4)]),
        new(273, "set_robust_list", [Kept(24), Value]),
        new(274, "get_robust_list", [Value, Out(8), Out(8)]),
        new(334, "rseq", [Kept(32), Value, Value, Value])
        {
            Selector = 2,
            // RSEQ_FLAG_UNREGISTER
            SelectorMask = 1,
            Operations = [new(1, Value, Value, Value, Value)],
        },
        new(39, "getpid", []),
        new(110, "getppid", []),
        new(186, "gettid", []),
        new(102, "getuid", []),
        new(104, "getgid", []),
        new(107, "geteuid", []),
        new(108, "getegid", []),
        new(105, "setuid", [Value]),
        new(106, "setgid", [Value]),
        new(113, "setreuid", [Value, Value]),
        new(114, "setregid", [Value, Value]),
        new(117, "setresuid", [Value, Value, Value]),
        new(118, "getresuid", [Out(4), Out(4), Out(4)]),
        new(119, "setresgid", [Value, Value, Value]),
        new(120, "getresgid", [Out(4), Out(4), Out(4)]),
        new(122, "setfsuid", [Value]),
        new(123, "setfsgid", [Value]),
        new(115, "getgroups", [Value, Out(By(0, 4), Returned)]),
        new(116, "setgroups", [Value, In(By(0, 4))]),
        new(109, "setpgid", [Value, Value]),
        new(111, "getpgrp", []),
        new(112, "setsid", []),
        new(121, "getpgid", [Value]),
        new(124, "getsid", [Value]),
        new(125, "capget", [Both(8), Out(24)]),
        new(126, "capset", [Both(8), In(24)]),
        new(97, "getrlimit", [Value, Out(16)]),
        new(160, "setrlimit", [Value, In(16)]),
        new(302, "prlimit64", [Value, Value, In(16), Out(16)]),
        new(98, "getrusage", [Value, Out(144)]),
        new(135, "personality", [Value]),
        new(153, "vhangup", []),
        new(272, "unshare", [Value]),
        new(308, "setns", [Value, Value]),
        new(312, "kcmp", [Value, Value, Value, Value, Value]),
        new(434, "pidfd_open", [Value, Value]),
        new(438, "pidfd_getfd", [Value, Value, Value]),
        ControlCalls.Prctl,
        ControlCalls.ArchPrctl,
        ControlCalls.Ptrace,
        ControlCalls.Seccomp,
        new(154, "modify_ldt", [Value, Both(By(2)), Value]),
        new(205, "set_thread_area", [Both(16)]),
        new(211, "get_thread_area", [Both(16)]),
        new(172, "iopl", [Value]),
        new(173, "ioperm", [Value, Value, Value]),
    ];
}
