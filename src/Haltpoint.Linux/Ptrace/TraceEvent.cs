namespace Haltpoint.Linux.Ptrace;

/// <summary>PTRACE_EVENT_* (linux/ptrace.h).</summary>
internal enum TraceEvent
{
    None = 0,
    Fork = 1,
    Vfork = 2,
    Clone = 3,
    Exec = 4,
    VforkDone = 5,
    Exit = 6,

    /// <summary>PTRACE_INTERRUPT, a group stop, or the first stop of a thread that is traced from its start.</summary>
    Stop = 128,
}
