using System;

namespace Haltpoint.Timekeeping;

/// <summary>One clock watched by one reference, from look to look (F.2).</summary>
/// <remarks>
/// A look reads reference, clock, reference: the clock's count belongs to some moment between the two. What can be said of the time
/// between two such looks is an interval, and the clock is skewed only if its own time lies outside: however slow a reading was, it
/// cannot make a good clock look bad, it only makes the interval wider. Called by one CPU at a time, but not by the same one each time.
/// </remarks>
public struct ClockComparison
{
    /// <summary>Readings of which the closest counts (F-14, F-32).</summary>
    public const int Tries = 4;

    /// <summary>Readings further apart than this in nanoseconds are left out: the next look judges over the longer time.</summary>
    public const ulong LongestReadout = 20_000_000;

    /// <summary>The two may run apart by the time shifted right by this: 488 parts per million (F-34).</summary>
    private const int ToleranceShift = 11;

    private const ulong Million = 1_000_000;

    private ulong _clock;
    private ulong _before;
    private ulong _after;
    private bool _isBased;
    private int _seen;

    /// <summary>How far the clock was ahead at the last verdict, in nanoseconds, after what the readings leave open; negative when behind; 0 within it.</summary>
    public long Skew { get; private set; }

    /// <summary>Between the last two looks, by the reference, in nanoseconds.</summary>
    public ulong Interval { get; private set; }

    /// <summary>The clock's count when it was last in order.</summary>
    public readonly ulong Clock => _clock;

    /// <summary>The reference's count right before that.</summary>
    public readonly ulong Reference => _before;

    /// <summary>Takes a look. With interrupts off, so that the readings are close together.</summary>
    /// <param name="counters">The machine's.</param>
    /// <param name="clock">Index of the clock that is watched.</param>
    /// <param name="reference">Index of the reference.</param>
    /// <param name="sources">What is known of both.</param>
    /// <param name="touches">What says that the machine stood still.</param>
    public ClockVerdict Look<TCounters>(
        ref TCounters counters, int clock, int reference, ReadOnlySpan<Clocksource> sources, in TouchWord touches)
        where TCounters : struct, ICounters<TCounters>
    {
        // Before the readings: a touch among them is then seen at the next look.
        int touched = touches.Count;
        ref readonly Clocksource watched = ref sources[clock];
        ref readonly Clocksource by = ref sources[reference];
        ulong readout = ulong.MaxValue;
        ulong count = 0;
        ulong before = 0;
        ulong after = 0;
        for (int i = 0; i < Tries; i++)
        {
            ulong first = TCounters.Read(ref counters, reference);
            ulong middle = TCounters.Read(ref counters, clock);
            ulong last = TCounters.Read(ref counters, reference);
            if (last - first < readout)
            {
                (before, count, after) = (first, middle, last);
                readout = last - first;
            }
        }

        if (TimeScale.ToNanoseconds(readout, by.Frequency) > LongestReadout)
        {
            return ClockVerdict.Disturbed;
        }

        ClockVerdict verdict = ClockVerdict.Rebased;
        if (_isBased && touched == _seen)
        {
            verdict = Judge(watched, by, count, before, after);
            if (verdict == ClockVerdict.Skewed && touches.Count != touched)
            {
                // The machine stood still between two of the readings.
                verdict = ClockVerdict.Rebased;
            }
        }

        if (verdict != ClockVerdict.Skewed)
        {
            _clock = count;
            _before = before;
            _after = after;
            _isBased = true;
            _seen = touched;
        }

        return verdict;
    }

    private ClockVerdict Judge(in Clocksource watched, in Clocksource by, ulong count, ulong before, ulong after)
    {
        long own = (long)(count - _clock);
        ulong passed = own < 0 ? 0 : TimeScale.ToNanoseconds((ulong)own, watched.Frequency);

        // The clock was read before the later of two counts and after the earlier one. One step more for what a count leaves open.
        ulong least = before > _after ? TimeScale.ToNanoseconds(before - _after - 1, by.Frequency) : 0;
        ulong most = TimeScale.ToNanoseconds(after - _before + 1, by.Frequency);
        ulong step = (TimeScale.NanosecondsPerSecond / watched.Frequency) + 1;
        ulong tolerance = (most >> ToleranceShift) + (most / Million * (watched.Uncertainty + by.Uncertainty)) + step;
        Interval = most;
        Skew = 0;
        if (own < 0)
        {
            Skew = -(long)(TimeScale.ToNanoseconds((ulong)-own, watched.Frequency) + least);
        }
        else if (passed > most + tolerance)
        {
            Skew = (long)(passed - most);
        }
        else if (passed + tolerance < least)
        {
            Skew = -(long)(least - passed);
        }

        return Skew == 0 ? ClockVerdict.Good : ClockVerdict.Skewed;
    }
}
