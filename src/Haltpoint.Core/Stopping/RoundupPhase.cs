namespace Haltpoint.Stopping;

/// <summary>What a CPU does in the debugger at its next step.</summary>
internal enum RoundupPhase : byte
{
    Outside,

    // Coming in.
    Disarming,
    Readying,
    Counting,

    // Inside, not the master.
    Waiting,
    Dozing,
    Parting,
    Electing,
    Judging,
    GivingUp,

    // The master.
    Claiming,
    Inheriting,
    Gathering,
    Collecting,
    Naming,
    Serving,
    HandingOver,
    Releasing,
    Emptying,
    Retiring,
    Unlocking,

    // Going out.
    Uncounting,
    Unreadying,
    Rearming,
    Leaving,
}
