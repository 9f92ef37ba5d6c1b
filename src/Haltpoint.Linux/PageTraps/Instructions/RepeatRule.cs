namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>When a string instruction goes on with its next element.</summary>
internal enum RepeatRule : byte
{
    None,

    /// <summary>While the count register is not zero.</summary>
    Count,

    /// <summary>The same, and the zero flag is set.</summary>
    CountWhileEqual,

    /// <summary>The same, and the zero flag is clear.</summary>
    CountWhileNotEqual,
}
