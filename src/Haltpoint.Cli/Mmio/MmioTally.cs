using Haltpoint.Records;

namespace Haltpoint.Cli.Mmio;

/// <summary>Accesses that have something in common.</summary>
internal sealed class MmioTally
{
    public long Reads { get; private set; }

    public long Writes { get; private set; }

    public long Unknown { get; private set; }

    public MmioEntry Last { get; private set; }

    public long Count => Reads + Writes + Unknown;

    public void Add(in MmioEntry entry)
    {
        Reads += entry.Kind == TraceRecordKind.Read ? 1 : 0;
        Writes += entry.Kind == TraceRecordKind.Write ? 1 : 0;
        Unknown += entry.Kind == TraceRecordKind.Unknown ? 1 : 0;
        Last = entry;
    }
}
