using System;
using Haltpoint.Timekeeping;
using Xunit;

namespace Haltpoint.Core.Tests.Timekeeping;

public sealed class ClocksourceWatchdogTests
{
    private const ulong Period = 500_000_000;
    private const uint TscBit = 1 << DrivenMachine.Tsc;
    private const uint HpetBit = 1 << DrivenMachine.Hpet;
    private const uint PowerTimerBit = 1 << DrivenMachine.PowerTimer;

    private readonly DrivenMachine _machine = new(4);
    private ClocksourceWatchdog _watchdog;
    private TouchWord _touches;

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(400, 0u)] // below 488 parts per million
    [InlineData(-400, 0u)]
    [InlineData(520, TscBit)]
    [InlineData(-520, TscBit)]
    [InlineData(100_000, TscBit)]
    [InlineData(-100_000, TscBit)]
    public void A_clock_is_caught_when_it_runs_apart_from_its_references(long drift, uint expected)
    {
        _machine.Drift[DrivenMachine.Tsc] = drift;

        Assert.Equal(0u, Look());
        Assert.Equal(expected, LookAfter(Period));
        Assert.Equal(expected != 0, _machine.Sources[DrivenMachine.Tsc].IsUnstable);
    }

    /// <summary>F-25: at the sum of the margins it is stable, one step further it is not, be it fast or slow.</summary>
    [Theory]
    [InlineData(1, 0, ClockVerdict.Good)]
    [InlineData(1, 1, ClockVerdict.Skewed)]
    [InlineData(-1, 0, ClockVerdict.Good)]
    [InlineData(-1, 1, ClockVerdict.Skewed)]
    public void The_margin_itself_is_still_good(int direction, int beyond, ClockVerdict expected)
    {
        // All in nanoseconds: reference and clock count the same. Readings take no time, so what they leave open is a step on each side.
        ScriptedCounters counters = new();
        Clocksource[] sources = [Plain(mustVerify: true), Plain(mustVerify: false)];
        ClockComparison comparison = default;
        const long Passed = 1 << 30;
        const long Tolerance = (Passed + 1 >> 11) + 2;
        long apart = direction * (1 + Tolerance + beyond);

        counters.Values = [1000, 1000];
        Assert.Equal(ClockVerdict.Rebased, comparison.Look(ref counters, 0, 1, sources, _touches));
        counters.Values = [(ulong)(1000 + Passed + apart), 1000 + Passed];
        Assert.Equal(expected, comparison.Look(ref counters, 0, 1, sources, _touches));
        Assert.Equal(beyond == 0 ? 0 : direction * (Tolerance + 1), comparison.Skew);
    }

    [Fact]
    public void An_uncertain_frequency_widens_the_margin()
    {
        _machine.Drift[DrivenMachine.Tsc] = 900;
        _machine.Sources[DrivenMachine.Tsc].Uncertainty = 500;

        Look();

        Assert.Equal(0u, LookAfter(Period));
    }

    /// <summary>F-25: a touch makes the next look a free one, whatever it would have seen.</summary>
    [Fact]
    public void After_a_touch_the_next_look_starts_afresh_and_the_one_after_it_judges()
    {
        Look();
        _machine.Offsets[0] = 24_000_000_000; // ten seconds ahead
        _touches.Touch();

        Assert.Equal(0u, LookAfter(Period));
        Assert.Equal(0u, LookAfter(Period));
        _machine.Offsets[0] += 24_000_000;
        Assert.Equal(TscBit, LookAfter(Period));
    }

    /// <summary>Unlike F-21: touches are told apart by their count, so many of them cost no more than one.</summary>
    [Fact]
    public void Many_touches_cost_one_look()
    {
        Look();
        for (int cpu = 0; cpu < 64; cpu++)
        {
            _touches.Touch();
        }

        Assert.Equal(0u, LookAfter(Period));
        _machine.Offsets[0] = 24_000_000;
        Assert.Equal(TscBit, LookAfter(Period));
    }

    /// <summary>F-24 c, but never unstable: however slow, a reading says something true.</summary>
    [Theory]
    [InlineData(300)]
    [InlineData(1_000_000)]
    [InlineData(9_000_000)]
    [InlineData(500_000_000)]
    public void Slow_readings_do_not_make_a_good_clock_look_bad(ulong readTime)
    {
        Look();
        _machine.ReadTime = readTime;
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(0u, LookAfter(Period));
        }

        Assert.Equal(readTime > ClockComparison.LongestReadout ? 10ul : 0, _watchdog.Disturbed);
    }

    [Fact]
    public void A_bad_clock_is_caught_in_spite_of_slow_readings()
    {
        _machine.Drift[DrivenMachine.Tsc] = 5000;
        Look();
        _machine.ReadTime = 30_000_000;
        Assert.Equal(0u, LookAfter(Period));
        _machine.ReadTime = 300;

        // Over the time since the last look that said something.
        Assert.Equal(TscBit, LookAfter(Period));
    }

    [Fact]
    public void The_closest_of_the_readings_counts()
    {
        // Slow is the first reading of each comparison: what it leaves open would hide the skew of a millisecond.
        int reading = 0;
        _machine.Between = () => _machine.Time += reading++ % (2 * 3 * ClockComparison.Tries) == 1 ? 15_000_000ul : 0;
        _machine.Drift[DrivenMachine.Tsc] = 2000;

        Look();

        Assert.Equal(TscBit, LookAfter(Period));
    }

    [Fact]
    public void Random_readings_are_caught()
    {
        Random random = new(7);
        Look();
        uint caught = 0;
        for (int i = 0; i < 4 && caught == 0; i++)
        {
            _machine.Offsets[0] = random.NextInt64(-24_000_000_000, 24_000_000_000);
            caught = LookAfter(Period);
        }

        Assert.Equal(TscBit, caught);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_counter_that_differs_on_one_CPU_is_caught_within_one_turn(int cpu)
    {
        _machine.Offsets[cpu] = 2_400_000; // one millisecond
        uint caught = 0;
        for (int turn = 0; turn <= 4; turn++)
        {
            _machine.Cpu = turn % 4;
            caught |= LookAfter(Period);
        }

        Assert.Equal(TscBit, caught);
    }

    [Fact]
    public void A_bad_reference_does_not_take_a_good_clock_with_it()
    {
        _machine.Drift[DrivenMachine.Hpet] = -3000;

        Look();

        Assert.Equal(HpetBit, LookAfter(Period));
        Assert.False(_machine.Sources[DrivenMachine.Tsc].IsUnstable);
        Assert.Equal(DrivenMachine.Tsc, ClocksourceSelection.Best(_machine.Sources));
        Assert.Equal(0u, LookAfter(Period));
    }

    [Fact]
    public void With_one_reference_it_is_the_clock_that_is_wrong()
    {
        _machine.Sources[DrivenMachine.Hpet].Frequency = 0;
        _machine.Drift[DrivenMachine.Tsc] = 3000;

        Look();

        Assert.Equal(TscBit, LookAfter(Period));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(80)]
    [InlineData(600)]
    public void A_stop_in_which_the_debugger_reads_the_counters_disturbs_nothing(int seconds)
    {
        Look();
        for (int i = 0; i < seconds; i++)
        {
            _machine.Time += DrivenMachine.Second;
            _machine.Read(DrivenMachine.Hpet);
            _machine.Read(DrivenMachine.PowerTimer);
        }

        Assert.Equal(0u, Look());
        Assert.Equal(2ul, _watchdog.Good + _watchdog.Rebased);
        Assert.Equal(1ul, _watchdog.Good);
    }

    /// <summary>F-8: nobody read the references, and they have come round.</summary>
    [Theory]
    [InlineData(5, PowerTimerBit)]
    [InlineData(80, TscBit)]
    [InlineData(600, TscBit)]
    public void Without_touch_and_reading_a_stop_ends_in_a_false_alarm(int seconds, uint expected)
    {
        Look();

        Assert.Equal(expected, LookAfter((ulong)seconds * DrivenMachine.Second));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(80)]
    [InlineData(600)]
    public void A_stop_at_any_moment_of_a_look_is_forgiven_and_a_bad_clock_is_caught_after_it(int seconds)
    {
        // Two readings of three counters, tried four times, for two references, with a moment before and after each.
        int moments = 0;
        for (int at = 0; ; at++)
        {
            DrivenMachine machine = new();
            ClocksourceWatchdog watchdog = default;
            TouchWord touches = default;
            DrivenCounters counters = machine.Counters;
            watchdog.Look(ref counters, machine.Sources, DrivenMachine.Tsc, touches);
            machine.Time += Period;
            int moment = 0;
            machine.Between = () =>
            {
                if (moment++ == at)
                {
                    machine.Time += (ulong)seconds * DrivenMachine.Second;
                    touches.Touch();
                }
            };

            Assert.Equal(0u, watchdog.Look(ref counters, machine.Sources, DrivenMachine.Tsc, touches));
            if (moment <= at)
            {
                break;
            }

            moments++;
            for (int look = 0; look < 3; look++)
            {
                machine.Time += Period;
                Assert.Equal(0u, watchdog.Look(ref counters, machine.Sources, DrivenMachine.Tsc, touches));
            }

            machine.DriftSince = machine.Time;
            machine.Drift[DrivenMachine.Tsc] = 1500;
            machine.Time += Period;
            Assert.Equal(TscBit, watchdog.Look(ref counters, machine.Sources, DrivenMachine.Tsc, touches));
        }

        Assert.Equal(2 * 3 * ClockComparison.Tries * 2, moments);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_stops_never_accuse_a_good_clock_and_a_bad_one_is_caught_when_they_end(int seed)
    {
        Random random = new(seed);
        DrivenMachine machine = new(3);
        ClocksourceWatchdog watchdog = default;
        TouchWord touches = default;
        DrivenCounters counters = machine.Counters;
        machine.Between = () =>
        {
            machine.Cpu = random.Next(20) == 0 ? random.Next(3) : machine.Cpu; // the same thread may not move, the next one may
            if (random.Next(40) == 0)
            {
                machine.Time += (ulong)random.NextInt64(1, 700) * DrivenMachine.Second;
                touches.Touch();
            }

            machine.Time += (ulong)(random.Next(50) == 0 ? random.Next(30_000_000) : random.Next(3_000));
        };

        for (int i = 0; i < 5_000; i++)
        {
            machine.Time += Period + (ulong)random.Next(40_000_000);
            Assert.True(watchdog.Look(ref counters, machine.Sources, DrivenMachine.Tsc, touches) == 0, $"seed {seed}, look {i}");
        }

        Assert.True(watchdog.Good > 100);
        machine.Between = null;
        machine.DriftSince = machine.Time;
        machine.Drift[DrivenMachine.Tsc] = random.Next(2) == 0 ? 700 : -700;
        uint caught = 0;
        for (int i = 0; i < 3; i++)
        {
            machine.Time += Period;
            caught |= watchdog.Look(ref counters, machine.Sources, DrivenMachine.Tsc, touches);
        }

        Assert.Equal(TscBit, caught);
    }

    [Fact]
    public void A_CPU_whose_counter_is_behind_another_is_told_by_how_much_at_least()
    {
        CrossCpuCheck check = default;
        DrivenCounters counters = _machine.Counters;
        _machine.Offsets[2] = -2_400_000;

        Assert.Equal(0ul, check.Check(ref counters, DrivenMachine.Tsc));
        _machine.Cpu = 1;
        Assert.Equal(0ul, check.Check(ref counters, DrivenMachine.Tsc));
        _machine.Cpu = 2;
        Assert.Equal(2_400_000ul - (2_400_000_000 / 1_000_000_000 * 300) - 120, check.Check(ref counters, DrivenMachine.Tsc));
        _machine.Time += DrivenMachine.Second;
        Assert.Equal(0ul, check.Check(ref counters, DrivenMachine.Tsc));
    }

    private static Clocksource Plain(bool mustVerify) =>
        new() { Frequency = DrivenMachine.Second, Mask = ulong.MaxValue, Rating = 1, MustVerify = mustVerify };

    private uint LookAfter(ulong time)
    {
        _machine.Time += time;
        return Look();
    }

    private uint Look()
    {
        DrivenCounters counters = _machine.Counters;
        return _watchdog.Look(ref counters, _machine.Sources, DrivenMachine.Tsc, _touches);
    }

    private struct ScriptedCounters : ICounters<ScriptedCounters>
    {
        public ulong[] Values { get; set; }

        public static ulong Read(ref ScriptedCounters self, int source) => self.Values[source];
    }
}
