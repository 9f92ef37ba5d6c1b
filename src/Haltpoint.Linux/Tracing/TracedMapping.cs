namespace Haltpoint.Linux.Tracing;

/// <summary>A mapping whose accesses are traced: one file, device or piece of anonymous memory in one process.</summary>
public sealed record TracedMapping
{
    private readonly ulong? _origin;

    /// <summary>Counts from 1, and is never given again.</summary>
    public required int Id { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>The path, or what /proc/PID/maps calls it, or the symbol or range that was asked for.</summary>
    public required string Name { get; init; }

    public required ulong Start { get; init; }

    public required ulong Length { get; init; }

    /// <summary>Where offsets count from: its start, or, where it is the growth of another, as of the heap, that one's.</summary>
    public ulong Origin
    {
        get => _origin ?? Start;
        init => _origin = value;
    }

    /// <summary>Whether it shows registers of a device: an access there may do something, so nothing but the program itself ever makes one.</summary>
    public bool IsDevice { get; init; }

    /// <summary>Where its first byte is on the bus; null where that cannot be known, or the pages lie anywhere.</summary>
    public ulong? PhysicalStart { get; init; }

    /// <summary>The address behind its last byte.</summary>
    public ulong End => Start + Length;

    /// <summary>Where an address of it is on the bus, and where that is not known the address itself.</summary>
    public ulong PhysicalOf(ulong address) => PhysicalStart is { } start ? address - Start + start : address;
}
