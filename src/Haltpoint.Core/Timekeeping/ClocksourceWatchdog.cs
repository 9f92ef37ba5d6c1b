using System;
using System.Runtime.CompilerServices;

namespace Haltpoint.Timekeeping;

/// <summary>Watches one clock by all references there are, and says who is wrong.</summary>
/// <remarks>
/// A clock that differs from every reference is wrong. One that agrees with some of them is right, and the others are wrong: a bad reference
/// does not take a good clock with it (F-38). Called by one CPU at a time, on the CPUs in turn, so that a counter that differs from CPU to CPU
/// shows as a skew.
/// </remarks>
public struct ClocksourceWatchdog
{
    /// <summary>Clocksources of a machine, at most.</summary>
    public const int MaxSources = 8;

    private Comparisons _comparisons;

    /// <summary>Looks at which everything agreed, and those that gave no verdict.</summary>
    public ulong Good { get; private set; }

    public ulong Rebased { get; private set; }

    public ulong Disturbed { get; private set; }

    public readonly ref readonly ClockComparison By(int reference) => ref Unsafe.AsRef(in _comparisons[reference]);

    /// <summary>Takes a look. With interrupts off.</summary>
    /// <param name="counters">The machine's.</param>
    /// <param name="sources">All of the machine's; who is wrong is marked unstable here.</param>
    /// <param name="clock">The one that is watched.</param>
    /// <param name="touches">What says that the machine stood still.</param>
    /// <returns>A bit for each source that was caught at this look.</returns>
    public uint Look<TCounters>(ref TCounters counters, Span<Clocksource> sources, int clock, in TouchWord touches)
        where TCounters : struct, ICounters<TCounters>
    {
        uint agree = 0;
        uint differ = 0;
        bool isRebased = false;
        for (int i = 0; i < sources.Length; i++)
        {
            if (i == clock || !ClocksourceSelection.IsReference(sources[i]))
            {
                continue;
            }

            switch (_comparisons[i].Look(ref counters, clock, i, sources, touches))
            {
                case ClockVerdict.Good:
                    agree |= 1u << i;
                    break;
                case ClockVerdict.Skewed:
                    differ |= 1u << i;
                    break;
                case ClockVerdict.Rebased:
                    isRebased = true;
                    break;
            }
        }

        Count(agree, differ, isRebased);
        uint caught = differ == 0 ? 0 : agree == 0 ? 1u << clock : differ;
        for (int i = 0; i < sources.Length; i++)
        {
            if ((caught >> i & 1) != 0)
            {
                sources[i].MarkUnstable();
            }
        }

        return caught;
    }

    private void Count(uint agree, uint differ, bool isRebased)
    {
        if (isRebased)
        {
            Rebased++;
        }
        else if ((agree | differ) == 0)
        {
            Disturbed++;
        }
        else if (differ == 0)
        {
            Good++;
        }
    }

    [InlineArray(MaxSources)]
    private struct Comparisons
    {
        private ClockComparison _first;
    }
}
