using System.Threading;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>After how long each detector speaks, in nanoseconds. May be changed at any time.</summary>
internal static class Thresholds
{
    public const long Second = 1_000_000_000;

    private static long s_hard = 10 * Second;
    private static long s_hung = 120 * Second;
    private static long s_stall = 21 * Second;

    /// <summary>A CPU without a tick.</summary>
    public static long Hard
    {
        get => Volatile.Read(ref s_hard);
        set => Volatile.Write(ref s_hard, value);
    }

    /// <summary>A CPU on which no other thread gets a turn: twice the other (F-43).</summary>
    public static long Soft => 2 * Hard;

    public static long Hung
    {
        get => Volatile.Read(ref s_hung);
        set => Volatile.Write(ref s_hung, value);
    }

    public static long Stall
    {
        get => Volatile.Read(ref s_stall);
        set => Volatile.Write(ref s_stall, value);
    }
}
