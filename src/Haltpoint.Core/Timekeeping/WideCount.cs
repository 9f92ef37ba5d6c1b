using System.Threading;

namespace Haltpoint.Timekeeping;

/// <summary>A counter of a few bits continued to 64, by whoever reads it.</summary>
/// <remarks>
/// Right as long as somebody reads once in the time that the counter takes to come round; after a longer pause whole rounds are missing, and
/// nothing else. Takes no lock: a CPU that is stopped in the middle holds nobody up, and what it saw before is thrown away when others
/// have read meanwhile.
/// </remarks>
public struct WideCount
{
    private long _last;

    /// <summary>The count of the last reading.</summary>
    public readonly long Last => Volatile.Read(in _last);

    /// <param name="last">What <see cref="Last"/> was before the counter was read: a reading from before it would seem to be a whole round later.</param>
    /// <param name="reading">The counter.</param>
    /// <param name="mask">Its bits.</param>
    /// <param name="count">The continued count.</param>
    /// <returns>False when another CPU has read meanwhile: begin again.</returns>
    public bool TryContinue(long last, ulong reading, ulong mask, out ulong count)
    {
        count = (ulong)last + ((reading - (ulong)last) & mask);
        return Interlocked.CompareExchange(ref _last, (long)count, last) == last;
    }
}
