namespace Haltpoint.Timekeeping;

/// <summary>Whether a CPU still takes interrupts, as another one sees it: its ticks go on (F-50).</summary>
/// <remarks>Called by one CPU at a time.</remarks>
public struct HardLockup
{
    private long _ticks;
    private long _since;
    private int _seen;
    private bool _isBased;

    /// <summary>Told once, until the CPU takes interrupts again.</summary>
    public bool IsLocked { get; private set; }

    /// <summary>The CPU is held by somebody who knows what he does: what was seen of it says nothing any more.</summary>
    public void Forget()
    {
        _isBased = false;
        IsLocked = false;
    }

    /// <param name="ticks">Of the CPU that is watched.</param>
    /// <param name="clock">Of the CPU that looks.</param>
    /// <param name="threshold">In the unit of the clock.</param>
    /// <param name="touches">What says that the machine stood still.</param>
    /// <returns>0, or for how long there was no tick: a lockup that has not been told.</returns>
    public long Check<TClock>(long ticks, ref TClock clock, long threshold, in TouchWord touches)
        where TClock : struct, IDetectorClock<TClock>
    {
        int touched = touches.Count;
        if (touched != _seen || !_isBased)
        {
            TClock.Synchronise(ref clock);
            _ticks = ticks;
            _since = TClock.Now(ref clock);
            _seen = touched;
            _isBased = true;
            return 0;
        }

        long now = TClock.Now(ref clock);
        if (ticks != _ticks)
        {
            _ticks = ticks;
            _since = now;
            IsLocked = false;
            return 0;
        }

        if (IsLocked || now - _since < threshold || touches.Count != touched)
        {
            return 0;
        }

        IsLocked = true;
        return now - _since;
    }
}
