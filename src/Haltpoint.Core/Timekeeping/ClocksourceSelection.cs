using System;

namespace Haltpoint.Timekeeping;

/// <summary>Which counter is taken for what. Of two with the same rating the first is better.</summary>
public static class ClocksourceSelection
{
    public const int None = -1;

    /// <summary>The one to tell the time by.</summary>
    public static int Best(ReadOnlySpan<Clocksource> sources)
    {
        int best = None;
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i].IsUsable && (best == None || sources[i].Rating > sources[best].Rating))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Whether others may be judged by it (F-11).</summary>
    public static bool IsReference(in Clocksource source) => source.IsUsable && !source.MustVerify;
}
