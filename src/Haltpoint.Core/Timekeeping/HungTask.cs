namespace Haltpoint.Timekeeping;

/// <summary>Whether one thread that waits for something that should come soon waits too long. Linux's debugger forgets this detector (F-52).</summary>
/// <remarks>Of the scan that goes through all threads; a thread pays nothing for it but the count of its turns.</remarks>
public struct HungTask
{
    private long _turns;
    private long _since;
    private int _seen;
    private bool _isWaiting;
    private bool _isTold;

    /// <param name="isWaiting">Whether it waits for something that should come soon.</param>
    /// <param name="turns">Counts up whenever it gets a CPU, and never back, not for the next thread in its place either.</param>
    /// <param name="clock">The scanning CPU's.</param>
    /// <param name="timeout">In the unit of the clock.</param>
    /// <param name="touches">What says that the machine stood still.</param>
    /// <returns>0, or for how long it waits: told once for a wait.</returns>
    public long Check<TClock>(bool isWaiting, long turns, ref TClock clock, long timeout, in TouchWord touches)
        where TClock : struct, IDetectorClock<TClock>
    {
        int touched = touches.Count;
        bool isSame = isWaiting && _isWaiting && turns == _turns;
        if (!isSame || touched != _seen)
        {
            TClock.Synchronise(ref clock);
            _isTold &= isSame;
            _isWaiting = isWaiting;
            _turns = turns;
            _since = TClock.Now(ref clock);
            _seen = touched;
            return 0;
        }

        long now = TClock.Now(ref clock);
        if (_isTold || now - _since <= timeout || touches.Count != touched)
        {
            return 0;
        }

        _isTold = true;
        return now - _since;
    }
}
