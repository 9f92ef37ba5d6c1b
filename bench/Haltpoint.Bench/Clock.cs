using System;
using System.Diagnostics;

namespace Haltpoint.Bench;

internal static class Clock
{
    /// <summary>Microseconds that one of <paramref name="count"/> repetitions took.</summary>
    public static double Each(int count, Action action)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }
}
