namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>Where the length of an argument's bytes comes from.</summary>
internal enum LengthRule : byte
{
    Constant,

    /// <summary>Another argument, times the size of an element.</summary>
    Argument,

    /// <summary>The 32-bit number that another argument points to.</summary>
    Word,

    /// <summary>A 32-bit number in the structure itself, at the operand's offset.</summary>
    Field,

    /// <summary>Up to and with the first zero byte.</summary>
    Text,

    /// <summary>A bit for each of another argument, in whole 64-bit words.</summary>
    Bits,

    /// <summary>A byte for each page of another argument.</summary>
    Pages,

    /// <summary>To the end of the address space: the call alone knows.</summary>
    Rest,
}
