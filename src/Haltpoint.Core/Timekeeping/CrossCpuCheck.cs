using System.Threading;

namespace Haltpoint.Timekeeping;

/// <summary>Whether a counter that each CPU has for itself shows the same on all (F-23, F-35).</summary>
/// <remarks>
/// Each CPU first looks at the highest count that any has seen, then at its own counter: a lower one is behind for certain, whatever came
/// between the two. No CPU waits for another.
/// </remarks>
public struct CrossCpuCheck
{
    private long _highest;

    /// <summary>On each CPU now and then, the more often the smaller the differences that show.</summary>
    /// <returns>By how many steps this CPU is behind another at least.</returns>
    public ulong Check<TCounters>(ref TCounters counters, int source)
        where TCounters : struct, ICounters<TCounters>
    {
        long highest = Volatile.Read(ref _highest);
        long own = (long)TCounters.Read(ref counters, source);
        if (own < highest)
        {
            return (ulong)(highest - own);
        }

        while (own > highest)
        {
            long seen = Interlocked.CompareExchange(ref _highest, own, highest);
            if (seen == highest)
            {
                break;
            }

            highest = seen;
        }

        return 0;
    }
}
