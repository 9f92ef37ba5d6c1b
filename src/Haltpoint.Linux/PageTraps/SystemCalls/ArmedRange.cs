namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>Addresses whose contents live elsewhere while they are trapped.</summary>
/// <param name="Start">The first address as the program knows it.</param>
/// <param name="End">The address after the last.</param>
/// <param name="Delta">What is added, modulo 2^64, to get to the home.</param>
internal readonly record struct ArmedRange(ulong Start, ulong End, ulong Delta)
{
    public bool Contains(ulong address) => address - Start < End - Start;
}
