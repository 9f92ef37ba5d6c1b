namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Which bytes of its operand an instruction accesses.</summary>
internal enum ElementSelection : byte
{
    /// <summary>All.</summary>
    Whole,

    /// <summary>One unit of a string of bits, which a register counts from the operand on.</summary>
    BitString,

    /// <summary>Elements whose bit in an opmask register is set.</summary>
    OpMask,

    /// <summary>As many elements from the first on as an opmask register has bits set.</summary>
    CountOfOpMask,

    /// <summary>Elements whose sign bit in a vector register is set.</summary>
    SignMask,

    /// <summary>Elements anywhere, at offsets from a vector register, whose bit in an opmask register is set.</summary>
    IndexedByOpMask,

    /// <summary>The same, with sign bits of a vector register.</summary>
    IndexedBySignMask,

    /// <summary>What the requested components of the processor's state need.</summary>
    StateComponents,

    /// <summary>The cache line that the address is in.</summary>
    CacheLine,
}
