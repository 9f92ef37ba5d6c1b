namespace Haltpoint.Stopping;

/// <summary>An offer of the mastership to a CPU as a number that no other offer has.</summary>
/// <remarks>
/// Whoever exchanges the number for 0 has the mastership: the one it is offered to, or the one who offers and no longer waits. A mark
/// on the other CPU would not do: handed on and offered back, it looks to a slow offerer like its own.
/// </remarks>
internal static class MastershipOffer
{
    private const int CpuBits = 16;

    public static long Make(int count, int to) => ((long)count << CpuBits) | (long)(to + 1);

    public static bool IsTo(long offer, int cpu) => (offer & ((1 << CpuBits) - 1)) == cpu + 1;
}
