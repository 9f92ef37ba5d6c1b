namespace Haltpoint.Linux.Guarding;

/// <summary>What is in the general registers of a thread.</summary>
internal enum GuardedState
{
    /// <summary>What the program has in them.</summary>
    Own,

    /// <summary>Something of ours; the program's are kept.</summary>
    Replaced,

    /// <summary>One instruction is executed elsewhere, with some registers changed.</summary>
    Redirected,
}
