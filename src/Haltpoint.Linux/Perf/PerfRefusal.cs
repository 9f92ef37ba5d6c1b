namespace Haltpoint.Linux.Perf;

/// <summary>Which event could not be had, and why; nothing of the watch is left.</summary>
internal readonly record struct PerfRefusal(PerfStatus Status, int Thread, int Cpu, int Piece)
{
    public bool IsOk => Status == PerfStatus.Ok;
}
