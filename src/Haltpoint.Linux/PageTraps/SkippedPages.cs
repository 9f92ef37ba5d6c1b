namespace Haltpoint.Linux.PageTraps;

/// <summary>Pages of a probe's range that are not trapped.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">Address after the last byte.</param>
/// <param name="Reason">One line for a person, without a full stop.</param>
public readonly record struct SkippedPages(ulong Start, ulong End, string Reason);
