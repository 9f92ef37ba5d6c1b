namespace Haltpoint.Timekeeping;

/// <summary>Whether a grace period ends: each CPU has to come by a point where it holds on to nothing (F-51).</summary>
/// <remarks>Of whoever drives the grace period. Times are in the unit of the clock.</remarks>
public struct StallDetector
{
    private const int FurtherFactor = 3;

    private long _begun;
    private long _deadline;
    private int _seen;

    /// <summary>A grace period begins.</summary>
    public void Begin<TClock>(ref TClock clock, long timeout, in TouchWord touches)
        where TClock : struct, IDetectorClock<TClock>
    {
        _seen = touches.Count;
        TClock.Synchronise(ref clock);
        _begun = TClock.Now(ref clock);
        _deadline = _begun + timeout;
    }

    /// <summary>It is not over yet.</summary>
    /// <returns>0, or for how long it has gone on when the deadline is past; the next one is further off.</returns>
    public long Check<TClock>(ref TClock clock, long timeout, in TouchWord touches)
        where TClock : struct, IDetectorClock<TClock>
    {
        int touched = touches.Count;
        if (touched != _seen)
        {
            // A deadline from a clock that has not caught up would be past as soon as it has.
            TClock.Synchronise(ref clock);
            _deadline = TClock.Now(ref clock) + timeout;
            _seen = touched;
            return 0;
        }

        long now = TClock.Now(ref clock);
        if (now - _deadline < 0 || touches.Count != touched)
        {
            return 0;
        }

        _deadline = now + (FurtherFactor * timeout);
        return now - _begun;
    }
}
