namespace Haltpoint.Linux.Watching;

/// <summary>What a side of a comparison is.</summary>
internal enum HitOperandKind : byte
{
    Number,
    Text,
    Value,
    OldValue,
    Thread,
    Function,
    Hits,
}
