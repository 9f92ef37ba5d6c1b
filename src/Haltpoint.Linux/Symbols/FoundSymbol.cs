namespace Haltpoint.Linux.Symbols;

/// <summary>A variable or function of a process.</summary>
/// <param name="Name">As a person writes it.</param>
/// <param name="Address">Where it is in this process.</param>
/// <param name="Size">Its bytes, or 0 where nobody wrote them down.</param>
/// <param name="Module">The program or library it is in.</param>
/// <param name="File">Its source file, where debug information says it.</param>
internal sealed record FoundSymbol(string Name, ulong Address, ulong Size, LoadedModule Module, string? File);
