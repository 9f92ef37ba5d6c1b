using System;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Gate;

/// <summary>A clock that goes wrong, and detectors that are touched now and then.</summary>
internal static unsafe class TimekeepingProbe
{
    private const int Sources = 3;
    private const int Looks = 60;

    /// <summary>A sum over all that they say.</summary>
    public static ulong Run()
    {
        Clocksource* sources = stackalloc Clocksource[Sources];
        sources[0] = new Clocksource { Frequency = 2_400_000_000, Mask = ulong.MaxValue, Rating = 300, MustVerify = true, Uncertainty = 20 };
        sources[1] = new Clocksource { Frequency = 100_000_000, Mask = uint.MaxValue, Rating = 250 };
        sources[2] = new Clocksource { Frequency = 3_579_545, Mask = 0xFF_FFFF, Rating = 200 };
        Span<Clocksource> all = new(sources, Sources);
        Machine machine = default;
        ClocksourceWatchdog watchdog = default;
        CrossCpuCheck cross = default;
        MonotonicTime time = default;
        TouchWord touches = default;
        SoftLockup soft = default;
        HardLockup hard = default;
        HungTask hung = default;
        StallDetector stall = default;
        time.Switch(0, sources[0].Frequency, Machine.Read(ref machine, 0), 0);
        stall.Begin(ref machine, 21, touches);
        ulong sum = all[0].Round + all[1].Round;
        for (int look = 0; look < Looks; look++)
        {
            machine.Pass(look);
            if (look % 7 == 3)
            {
                touches.Touch();
            }

            uint caught = watchdog.Look(ref machine, all, 0, touches);
            sum = (sum * 31) + caught + cross.Check(ref machine, 0) + (ulong)watchdog.By(1).Skew + watchdog.By(2).Interval;
            int best = ClocksourceSelection.Best(all);
            if (caught != 0 && best != ClocksourceSelection.None)
            {
                ClockComparison last = watchdog.By(best);
                time.Switch(best, all[best].Frequency, last.Reference, time.At(last.Clock));
            }

            sum = (sum * 31) + time.Read(ref machine) + (ulong)time.Source + TimeScale.ToCount((ulong)look, all[2].Frequency);
            sum = (sum * 31) + (ulong)soft.Check(ref machine, 20, touches) + (ulong)hard.Check(look / 9, ref machine, 3, touches);
            sum = (sum * 31) + (ulong)hung.Check(look % 20 != 0, look / 10, ref machine, 4, touches) + (ulong)stall.Check(ref machine, 5, touches);
            if (look % 5 == 0)
            {
                soft.Run(look);
            }
        }

        return (sum * 31) + watchdog.Good + (watchdog.Rebased * 3) + (watchdog.Disturbed * 5) + (hard.IsLocked ? 1ul : 0);
    }

    private struct Machine : ICounters<Machine>, IDetectorClock<Machine>
    {
        private ulong _time;
        private long _shown;
        private WideCount _narrow;

        public void Pass(int look)
        {
            _time += 500_000_000 + (look == 40 ? 3_000_000ul : 0);
            _shown = look % 3 == 0 ? _shown : look;
        }

        public static ulong Read(ref Machine self, int source)
        {
            self._time += 200;
            ulong wrong = source == 0 && self._time > 20_000_000_000 ? self._time / 800 : 0;
            ulong frequency = source == 0 ? 2_400_000_000ul : source == 1 ? 100_000_000ul : 3_579_545ul;
            ulong count = TimeScale.ToCount(self._time + wrong, frequency);
            if (source == 2)
            {
                self._narrow.TryContinue(self._narrow.Last, count & 0xFF_FFFF, 0xFF_FFFF, out count);
            }

            return count;
        }

        public static long Now(ref Machine self) => self._shown;

        public static void Synchronise(ref Machine self) => self._shown++;
    }
}
