using System.Threading;
using Haltpoint.Ring0.Time;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>What the debugger does so that nobody takes a stop for a fault: on any CPU, whatever was interrupted, without waiting.</summary>
internal static class Touches
{
    private const uint PollsPerReading = 1024;

    private static int s_off;
    private static uint s_polls;
    private static TouchWord s_clocks;
    private static TouchWord s_soft;
    private static TouchWord s_hard;
    private static TouchWord s_hung;
    private static TouchWord s_stall;

    public static ref TouchWord Clocks => ref s_clocks;

    public static ref TouchWord Soft => ref s_soft;

    public static ref TouchWord Hard => ref s_hard;

    public static ref TouchWord Hung => ref s_hung;

    public static ref TouchWord Stall => ref s_stall;

    /// <summary>The detectors that get no touches any more: then the false alarms come, which shows that the touches are what prevents them.</summary>
    public static DetectorKinds Off
    {
        get => (DetectorKinds)Volatile.Read(ref s_off);
        set => Volatile.Write(ref s_off, (int)value);
    }

    public static bool IsOn(DetectorKinds kind) => (Off & kind) == 0;

    /// <summary>The CPUs go on from here. Before the first one does, and by each that leaves later.</summary>
    public static void Leave()
    {
        Touch(DetectorKinds.Clocks, ref s_clocks);
        Touch(DetectorKinds.Soft, ref s_soft);
        Touch(DetectorKinds.Hard, ref s_hard);
        Touch(DetectorKinds.Hung, ref s_hung);
        Touch(DetectorKinds.Stall, ref s_stall);
    }

    /// <summary>Now and then while everybody is stopped.</summary>
    public static void Stay()
    {
        // A round of the shortest counter takes seconds, a poll of the port about a microsecond.
        if (++s_polls % PollsPerReading == 0 && IsOn(DetectorKinds.Clocks))
        {
            Clock.KeepCounting();
        }
    }

    private static void Touch(DetectorKinds kind, ref TouchWord word)
    {
        if (IsOn(kind))
        {
            word.Touch();
        }
    }
}
