namespace Haltpoint.Linux.Tracing;

/// <summary>How a trace went.</summary>
/// <param name="Accesses">All that were seen; one that reads and writes counts once.</param>
/// <param name="Reads">Those that read.</param>
/// <param name="Writes">Those that wrote.</param>
/// <param name="Mappings">How many mappings were traced.</param>
/// <param name="Lost">Accesses without a record. A thread waits for room before it goes on, so there are none.</param>
public readonly record struct TraceSummary(long Accesses, long Reads, long Writes, int Mappings, long Lost);
