namespace Haltpoint.Ring0.Debugging;

/// <summary>What brought a CPU into the debugger.</summary>
internal enum StopCause : byte
{
    /// <summary>The round-up, or coming online.</summary>
    None,

    /// <summary>A byte on the debug port.</summary>
    BreakIn,

    /// <summary>An instruction #BP came from: a planted trap, or one of the kernel's own.</summary>
    Trap,

    /// <summary>#DB: a slot, or the end of a step.</summary>
    DebugException,

    /// <summary>Any other exception.</summary>
    Fault,
}
