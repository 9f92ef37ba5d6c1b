namespace Haltpoint.Linux.PageTraps.OwnMaps;

/// <summary>Pages whose contents are at their home: what the composer has to put back into the picture.</summary>
/// <param name="Start">As the program knows it.</param>
/// <param name="End">Address after the last page.</param>
/// <param name="Distance">To the home.</param>
/// <param name="Name">What the kernel calls them by their place alone ([heap], [stack]); empty for nothing.</param>
internal readonly record struct ShownRun(ulong Start, ulong End, ulong Distance, string Name);
