namespace Haltpoint.Linux.Watching;

/// <summary>How a watch went.</summary>
/// <param name="Hits">Reports of the CPU that were recorded; folded ones count each.</param>
/// <param name="Lost">Those that were not, for want of room. A lower bound while the watch runs, and exact once it is over.</param>
public readonly record struct WatchSummary(long Hits, long Lost);
