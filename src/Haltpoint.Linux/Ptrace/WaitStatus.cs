namespace Haltpoint.Linux.Ptrace;

/// <summary>The status word of wait4 (wait(2); ptrace(2), "Stopped states").</summary>
/// <remarks>
/// <code>
///  bits  23..16   15..8                7..0
///        event    signal or exit code  0x7F stopped, 0 exited, else the signal that ended it (0x80: core dumped)
/// </code>
/// </remarks>
internal readonly struct WaitStatus(int word)
{
    private const int Stopped = 0x7F;

    /// <summary>In which a new thread of a tracee waits for its first instruction.</summary>
    public static WaitStatus FirstStop => new(((int)TraceEvent.Stop << 16) | (SignalNumber.Trap << 8) | Stopped);

    public int Word => word;

    public bool IsStopped => (word & 0xFF) == Stopped;

    public bool IsExited => (word & 0x7F) == 0;

    public int ExitCode => (word >> 8) & 0xFF;

    /// <summary>The signal that ended it.</summary>
    public int EndSignal => word & 0x7F;

    /// <summary>With <see cref="SyscallMark"/> set at a system call when PTRACE_O_TRACESYSGOOD is on.</summary>
    public int StopSignal => (word >> 8) & 0xFF;

    public TraceEvent Event => (TraceEvent)(word >> 16);

    public const int SyscallMark = 0x80;
}
