using Iced.Intel;

namespace Haltpoint.Linux.Decoding;

/// <summary>An instruction that may have made the access.</summary>
/// <param name="Instruction">Decoded.</param>
/// <param name="IsCertain">Whether its start is beyond doubt.</param>
internal readonly record struct FoundInstruction(Instruction Instruction, bool IsCertain)
{
    /// <summary>How many starts led to it, where none was known.</summary>
    public int Votes { get; init; }
}
