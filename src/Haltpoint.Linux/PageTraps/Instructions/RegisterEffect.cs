namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>What a register that was changed for a step has after it.</summary>
internal enum RegisterEffect : byte
{
    /// <summary>What it had.</summary>
    Restore,

    /// <summary>What it had, plus how far the instruction has moved it.</summary>
    KeepAdvance,
}
