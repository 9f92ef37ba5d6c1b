namespace Haltpoint.Linux.Watching;

/// <summary>What a <see cref="HitTest"/> does with its parts.</summary>
internal enum HitOperator : byte
{
    Or,
    And,
    Not,
    Equal,
    NotEqual,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
}
