namespace Haltpoint.Core.Tests.Stopping;

/// <summary>What the model knows of one CPU beside the round-up's own memory.</summary>
internal struct ModelCpu
{
    public const int RegistersOff = -1;

    /// <summary>Generation of the desired set in the debug registers, or <see cref="RegistersOff"/>.</summary>
    public int Registers;

    /// <summary>An NMI has been sent and not been delivered; a second one merges with it.</summary>
    public bool IsNmiPending;

    /// <summary>It does nothing until it is woken, or an NMI comes.</summary>
    public bool IsAsleep;

    /// <summary>It was woken before it slept.</summary>
    public bool IsWakePending;

    /// <summary>It is in the handler of an NMI, and no other can come.</summary>
    public bool IsInNmi;

    /// <summary>An exception was delivered and the handler has not entered the debugger yet.</summary>
    public bool IsTrapped;

    /// <summary>It is in the debugger because of that exception.</summary>
    public bool IsInTrap;

    /// <summary>It had a hit that was neither told nor found unwanted.</summary>
    public bool HasOpenHit;

    /// <summary>The breakpoint of its hit was removed.</summary>
    public bool IsUnwanted;

    /// <summary>A resume let it go, and it has not left since.</summary>
    public bool MustLeave;

    /// <summary>The last resume did not let it go.</summary>
    public bool MustStay;

    /// <summary>It was told to make one step, and has not.</summary>
    public bool OwesStep;

    /// <summary>It will never do anything again.</summary>
    public bool IsDead;

    /// <summary>It has not run any code yet.</summary>
    public bool IsOffline;
}
