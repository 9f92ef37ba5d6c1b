namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Instructions that are executed on a register file, without the processor.</summary>
internal enum EmulatedOperation : byte
{
    /// <summary>Not this one.</summary>
    None,

    /// <summary>Memory into a general register, extended to its size.</summary>
    Load,

    /// <summary>A general register or a constant into memory.</summary>
    Store,
    Push,
    PushMemory,
    PushFlags,
    Pop,
    PopMemory,
    Call,
    CallMemory,
    Return,
    JumpMemory,
    Leave,
    Enter,
    MoveString,
    StoreString,
    LoadString,
    LoadVector,
    StoreVector,
    Gather,
    Scatter,
}
