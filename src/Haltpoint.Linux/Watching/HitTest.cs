namespace Haltpoint.Linux.Watching;

/// <summary>One operation of a condition: over other tests, or the comparison of two operands.</summary>
internal sealed class HitTest
{
    public required HitOperator Operator { get; init; }

    public HitTest? First { get; init; }

    public HitTest? Second { get; init; }

    public HitOperand Left { get; init; }

    public HitOperand Right { get; init; }

    public bool AsksForFunction =>
        Left.Kind == HitOperandKind.Function || Right.Kind == HitOperandKind.Function
        || First is { AsksForFunction: true } || Second is { AsksForFunction: true };
}
