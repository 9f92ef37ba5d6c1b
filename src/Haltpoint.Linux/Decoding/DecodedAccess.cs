namespace Haltpoint.Linux.Decoding;

/// <summary>The instruction behind a hit.</summary>
/// <param name="InstructionPointer">Where it begins.</param>
/// <param name="Recipe">What it does to memory.</param>
/// <param name="IsCertain">Whether it is beyond doubt that it is this one.</param>
internal readonly record struct DecodedAccess(ulong InstructionPointer, AccessRecipe Recipe, bool IsCertain);
