using System.Threading;

namespace Haltpoint.Timekeeping;

/// <summary>Whether threads of a CPU still get their turn: a thread stamps, and the tick looks how old the stamp is (F-44, F-45).</summary>
/// <remarks>All of it on the CPU itself. Times are in the unit of the clock.</remarks>
public struct SoftLockup
{
    private long _ran;
    private long _reported;
    private int _seen;

    /// <summary>The CPU's watchdog thread has its turn.</summary>
    public void Run(long now)
    {
        Volatile.Write(ref _ran, now);
        Volatile.Write(ref _reported, now);
    }

    /// <summary>From the tick.</summary>
    /// <returns>0, or for how long the thread has had no turn; then again after as long as the threshold.</returns>
    public long Check<TClock>(ref TClock clock, long threshold, in TouchWord touches)
        where TClock : struct, IDetectorClock<TClock>
    {
        int touched = touches.Count;
        if (touched != _seen)
        {
            TClock.Synchronise(ref clock);
            Volatile.Write(ref _reported, TClock.Now(ref clock));
            _seen = touched;
            return 0;
        }

        // The stamp after the time: the debugger may stop the CPU between the two.
        long now = TClock.Now(ref clock);
        if (now - Volatile.Read(ref _reported) <= threshold || touches.Count != touched)
        {
            return 0;
        }

        Volatile.Write(ref _reported, now);
        return now - Volatile.Read(ref _ran);
    }
}
