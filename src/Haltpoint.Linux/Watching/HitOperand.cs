using System;

namespace Haltpoint.Linux.Watching;

/// <summary>A side of a comparison.</summary>
internal readonly struct HitOperand
{
    public required HitOperandKind Kind { get; init; }

    public Int128 Number { get; init; }

    public string? Text { get; init; }

    /// <summary>A value that is to be taken as a signed number.</summary>
    public bool IsSigned { get; init; }

    public bool IsNegative => Kind == HitOperandKind.Number && Int128.IsNegative(Number);

    public bool MayBeText => Kind is HitOperandKind.Text or HitOperandKind.Thread or HitOperandKind.Function;

    public bool MayBeNumber => Kind is not (HitOperandKind.Text or HitOperandKind.Function);
}
