using Haltpoint.Records;

namespace Haltpoint.Cli.Mmio;

/// <summary>One line of an mmiotrace log.</summary>
internal readonly record struct MmioEntry
{
    public TraceRecordKind Kind { get; init; }

    /// <summary>Counted from 1.</summary>
    public long Line { get; init; }

    /// <summary>In microseconds.</summary>
    public long Time { get; init; }

    public int Width { get; init; }

    public int MapId { get; init; }

    public ulong Physical { get; init; }

    /// <summary>Of a mapping, its address in the kernel.</summary>
    public ulong Value { get; init; }

    /// <summary>Of a mapping.</summary>
    public ulong Length { get; init; }

    public ulong ProgramCounter { get; init; }

    public int Process { get; init; }

    /// <summary>Of a mark, or the first bytes of an instruction that is unknown.</summary>
    public string? Text { get; init; }

    public bool IsAccess => Kind is TraceRecordKind.Read or TraceRecordKind.Write or TraceRecordKind.Unknown;
}
