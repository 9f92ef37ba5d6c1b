namespace Haltpoint.Linux.Decoding;

/// <summary>How an instruction makes the value it leaves in memory.</summary>
internal enum AccessOperation
{
    /// <summary>From something that a sample does not carry, such as a vector register.</summary>
    Unknown,

    /// <summary>It only reads.</summary>
    Read,

    /// <summary>It reads into a register, unchanged.</summary>
    Load,

    Move,
    MoveByteSwapped,
    Add,
    Subtract,
    And,
    Or,
    Xor,
    Not,
    Negate,
    ShiftLeft,
    ShiftRight,
    ShiftRightSigned,

    /// <summary>The register that was stored now holds what was there before.</summary>
    Exchange,

    /// <summary>The register that was added now holds what was there before.</summary>
    ExchangeAdd,

    /// <summary>Stores a register if ZF is set; the accumulator is what was there before either way.</summary>
    CompareExchange,

    /// <summary>The same on a pair: CX:BX if ZF is set, and DX:AX was there before.</summary>
    CompareExchangePair,

    SetOnCondition,

    /// <summary>One element of a string store; a prefix repeats it.</summary>
    StoreString,

    /// <summary>The address after the instruction, onto the stack.</summary>
    Call,
}
