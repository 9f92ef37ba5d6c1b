using Haltpoint.Targets;

namespace Haltpoint.Stopping;

/// <summary>What kind of thing happened.</summary>
public enum StopKind : byte
{
    /// <summary>A thread stopped; <see cref="StopEvent.Signal"/> is what it got (SIGTRAP for our traps, 0 for a quiet stop).</summary>
    Signal,

    /// <summary>The process ended by exit; <see cref="StopEvent.Code"/> is its status.</summary>
    ProcessExited,

    /// <summary>The process was ended by <see cref="StopEvent.Signal"/>.</summary>
    ProcessKilled,

    /// <summary>One thread ended (reported only where asked for).</summary>
    ThreadExited,

    /// <summary>A new thread is about to run its first instruction (reported only where asked for).</summary>
    ThreadCreated,
    Forked,
    Vforked,
    VforkDone,
    Cloned,

    /// <summary>The process became another program; its path is read with <see cref="IStops{TSelf}.ReadExecPath"/>.</summary>
    Executed,
    SyscallEntry,
    SyscallReturn,

    /// <summary>The last resumed thread ended; the ones left are stopped and will report nothing.</summary>
    NoResumed,

    /// <summary>The list of loaded libraries changed.</summary>
    LibrariesChanged,
}

/// <summary>Why a SIGTRAP is ours.</summary>
public enum StopReason : byte
{
    None,
    SoftwareBreakpoint,
    HardwareBreakpoint,
    WriteWatchpoint,
    ReadWatchpoint,
    AccessWatchpoint,
}

/// <summary>One thing to tell the debugger.</summary>
public struct StopEvent
{
    public ThreadId Thread;
    public StopKind Kind;
    public StopReason Reason;

    /// <summary>In the target's signal numbers.</summary>
    public int Signal;

    /// <summary>Exit status, or system call number.</summary>
    public int Code;

    /// <summary>The watched address that was hit.</summary>
    public ulong Address;

    /// <summary>The new process or thread of a fork, vfork or clone.</summary>
    public ThreadId Child;
}
