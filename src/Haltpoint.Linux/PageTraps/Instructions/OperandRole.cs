namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>How an instruction names a memory operand, which decides how it can be moved.</summary>
internal enum OperandRole : byte
{
    /// <summary>By an addressing form in its bytes.</summary>
    Explicit,

    /// <summary>By the stack pointer.</summary>
    Stack,

    /// <summary>By a register that it always uses, and may advance.</summary>
    Fixed,

    /// <summary>By something that cannot be moved.</summary>
    Other,
}
