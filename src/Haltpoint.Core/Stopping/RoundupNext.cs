namespace Haltpoint.Stopping;

/// <summary>What a CPU that made a step of the round-up does next.</summary>
public enum RoundupNext : byte
{
    /// <summary>Take the next step.</summary>
    Again,

    /// <summary>Take the next step when others had time to change something.</summary>
    Wait,

    /// <summary>Sleep until <see cref="IRoundupTarget{TSelf}.Wake"/>, and take the next step.</summary>
    Sleep,

    /// <summary>It is the master and every other CPU is held or named absent: talk to the debugger, then resume or hand over.</summary>
    Serve,

    /// <summary>Return from the exception.</summary>
    Leave,
}
