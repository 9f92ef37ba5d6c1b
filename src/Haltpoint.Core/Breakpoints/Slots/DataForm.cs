namespace Haltpoint.Breakpoints.Slots;

/// <summary>What a data register can hold.</summary>
public enum DataForm : byte
{
    /// <summary>x86: 1, 2, 4 or 8 bytes at a multiple of their number; more with address masks.</summary>
    Aligned,

    /// <summary>arm: any run of bytes inside an aligned window, by one bit each.</summary>
    ByteSelect,

    /// <summary>arm seen by a 32-bit task: 1, 2, 4 or 8 bytes, aligned but for the short ones in their word .</summary>
    WordSelect,

    /// <summary>PowerPC: a run of granules .</summary>
    Granules,

    /// <summary>PowerPC Book-E: the address compared as it is, for an access of any width there.</summary>
    Exact,
}
