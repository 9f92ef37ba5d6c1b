namespace Haltpoint.Ring0.Symbols;

/// <summary>Where a caller's register is.</summary>
internal struct UnwindRule
{
    public UnwindRuleKind Kind;

    /// <summary>Distance from the frame's address, or the number of a register.</summary>
    public long Value;
}
