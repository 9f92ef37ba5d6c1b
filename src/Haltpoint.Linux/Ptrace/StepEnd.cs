namespace Haltpoint.Linux.Ptrace;

/// <summary>How the execution of one instruction went.</summary>
internal enum StepEnd : byte
{
    Done,

    /// <summary>The instruction did not complete; the thread is stopped with the fault's signal, which is not reported yet.</summary>
    Fault,

    /// <summary>The thread, or its program, is no longer there.</summary>
    Gone,
}
