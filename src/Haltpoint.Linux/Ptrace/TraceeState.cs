namespace Haltpoint.Linux.Ptrace;

/// <summary>What the kernel lets a tracee do.</summary>
internal enum TraceeState : byte
{
    /// <summary>Runs, sleeps, or listens in a group stop; also one that was killed and whose end was not seen yet.</summary>
    Running,
    Stopped,

    /// <summary>Past its last instruction: only its end can come, and of a first thread only after all others'.</summary>
    Exiting,
}
