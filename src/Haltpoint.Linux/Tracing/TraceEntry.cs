namespace Haltpoint.Linux.Tracing;

/// <summary>One line of a trace.</summary>
/// <param name="Kind">An access, or a mapping that came or went.</param>
/// <param name="Time">Nanoseconds on CLOCK_MONOTONIC.</param>
/// <param name="Mapping">Which mapping it is about.</param>
/// <param name="Access">Of an access.</param>
internal readonly record struct TraceEntry(TraceRecordKind Kind, long Time, TracedMapping Mapping, TracedAccess Access);
