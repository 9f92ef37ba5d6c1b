namespace Haltpoint.Ring0.Symbols;

internal enum UnwindRuleKind
{
    Same,
    Offset,
    Register,

    /// <summary>Of the return address: there is no caller.</summary>
    Undefined,
}
