using System.Runtime.CompilerServices;
using System.Threading;

namespace Haltpoint.Timekeeping;

/// <summary>The time since the machine began to tell it: never goes back, on whichever CPU it is asked.</summary>
/// <remarks>
/// Reading takes no lock and waits for nobody who could be stopped. The time is counted from a base that changes only with the source, so
/// no error adds up and nothing has to be done at a tick. A reading that is behind what some CPU has been told already gives that
/// instead: counters of CPUs that differ, and one found wrong only later, do not turn time back.
/// </remarks>
public struct MonotonicTime
{
    private const int Kept = 4;

    private Bases _bases;
    private int _epoch;
    private long _told;

    /// <summary>The source that time is told by.</summary>
    public readonly int Source => _bases[Volatile.Read(in _epoch) % Kept].Source;

    /// <summary>In nanoseconds.</summary>
    public ulong Read<TCounters>(ref TCounters counters)
        where TCounters : struct, ICounters<TCounters>
    {
        while (true)
        {
            int epoch = Volatile.Read(ref _epoch);
            TimeBase from = _bases[epoch % Kept];
            ulong time = from.At(TCounters.Read(ref counters, from.Source));

            // The base is whole only if it was not on its way to a later one.
            if (Volatile.Read(ref _epoch) == epoch)
            {
                return Raise(time);
            }
        }
    }

    /// <summary>What the time was, or would have been, at a count of the present source. Not raised: for comparisons.</summary>
    public readonly ulong At(ulong count) => _bases[Volatile.Read(in _epoch) % Kept].At(count);

    /// <summary>Tells the time by another source from now on. One caller at a time.</summary>
    /// <param name="source">The source.</param>
    /// <param name="frequency">Its steps per second.</param>
    /// <param name="count">A count of it, as young as can be.</param>
    /// <param name="time">The time at that count.</param>
    public void Switch(int source, ulong frequency, ulong count, ulong time)
    {
        int next = _epoch + 1;
        _bases[next % Kept] = new TimeBase { Source = source, Frequency = frequency, Count = count, Time = time };
        Volatile.Write(ref _epoch, next);
    }

    private ulong Raise(ulong time)
    {
        long told = Volatile.Read(ref _told);
        while (time > (ulong)told)
        {
            long seen = Interlocked.CompareExchange(ref _told, (long)time, told);
            if (seen == told)
            {
                return time;
            }

            told = seen;
        }

        return (ulong)told;
    }

    private struct TimeBase
    {
        public int Source;
        public ulong Frequency;
        public ulong Count;
        public ulong Time;

        // A counter of this CPU may be behind the one that the base was read from.
        public readonly ulong At(ulong count) =>
            Frequency == 0 || (long)(count - Count) < 0 ? Time : Time + TimeScale.ToNanoseconds(count - Count, Frequency);
    }

    [InlineArray(Kept)]
    private struct Bases
    {
        private TimeBase _first;
    }
}
