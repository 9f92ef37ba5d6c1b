namespace Haltpoint.Cli.Mmio;

/// <summary>A mapping of a log, and its accesses.</summary>
internal sealed class MmioMapping(int id, ulong physical, ulong address, ulong length)
{
    public int Id => id;

    public ulong Physical => physical;

    public ulong Address => address;

    public ulong Length => length;

    public bool IsUnmapped { get; set; }

    /// <summary>The PCI device whose registers it shows, if the log names one.</summary>
    public MmioDevice? Device { get; set; }

    public MmioTally Tally { get; } = new();

    public MmioTimeline Timeline { get; } = new();
}
