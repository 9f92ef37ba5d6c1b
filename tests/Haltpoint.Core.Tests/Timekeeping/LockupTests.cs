using System;
using Haltpoint.Timekeeping;
using Xunit;

namespace Haltpoint.Core.Tests.Timekeeping;

/// <summary>Vectors in seconds, as the facts give them.</summary>
public sealed class LockupTests
{
    private TouchWord _touches;
    private DrivenClock _clock = new();
    private SoftLockup _soft;
    private HardLockup _hard;
    private HungTask _hung;
    private StallDetector _stall;

    /// <summary>F-41: stopped at 100 for 80 s; the first tick still shows 100.</summary>
    [Fact]
    public void The_first_tick_after_a_long_stop_stamps_the_time_that_it_is()
    {
        const long Threshold = 60;
        _clock.Tick(100);
        _soft.Run(100);
        Assert.Equal(0, CheckSoft(Threshold));
        _clock.Hardware = 180;
        _touches.Touch();

        Assert.Equal(0, CheckSoft(Threshold));
        _clock.Tick(180);
        Assert.Equal(0, CheckSoft(Threshold));
        _clock.Tick(240);
        Assert.Equal(0, CheckSoft(Threshold));
        _clock.Tick(241);
        Assert.Equal(141, CheckSoft(Threshold));
    }

    [Fact]
    public void Without_the_touch_the_same_stop_is_reported()
    {
        _clock.Tick(100);
        _soft.Run(100);
        Assert.Equal(0, CheckSoft(60));
        _clock.Tick(180);

        Assert.Equal(80, CheckSoft(60));
    }

    /// <summary>F-46: touch at 112, a look every 4 s, threshold 20 s.</summary>
    [Fact]
    public void A_touch_delays_the_report_and_not_the_duration_in_it()
    {
        _clock.Tick(100);
        _soft.Run(100);
        _touches.Touch();
        for (long now = 112; now <= 132; now += 4)
        {
            _clock.Tick(now);
            Assert.Equal(0, CheckSoft(20));
        }

        _clock.Tick(136);
        Assert.Equal(36, CheckSoft(20));
        _clock.Tick(140);
        Assert.Equal(0, CheckSoft(20));
        _clock.Tick(157);
        Assert.Equal(57, CheckSoft(20));
        _soft.Run(158);
        _clock.Tick(178);
        Assert.Equal(0, CheckSoft(20));
    }

    /// <summary>F-50.</summary>
    [Fact]
    public void A_CPU_without_ticks_is_told_once_until_it_has_one()
    {
        long ticks = 7;
        Assert.Equal(0, CheckHard(ticks, at: 0));
        Assert.Equal(0, CheckHard(ticks, at: 9));
        Assert.Equal(10, CheckHard(ticks, at: 10));
        Assert.True(_hard.IsLocked);
        Assert.Equal(0, CheckHard(ticks, at: 30));
        Assert.Equal(0, CheckHard(++ticks, at: 40));
        Assert.False(_hard.IsLocked);
        Assert.Equal(0, CheckHard(ticks, at: 49));
        Assert.Equal(10, CheckHard(ticks, at: 50));
    }

    [Fact]
    public void A_touch_gives_a_CPU_without_ticks_its_whole_time_again()
    {
        CheckHard(7, at: 0);
        _clock.Hardware = 600;
        _touches.Touch();

        // The look comes before the clock is carried on.
        Assert.Equal(0, CheckHard(7, at: null));
        Assert.Equal(0, CheckHard(7, at: 609));
        Assert.Equal(10, CheckHard(7, at: 610));
    }

    /// <summary>F-52.</summary>
    [Fact]
    public void A_thread_that_waits_is_told_once_for_each_wait()
    {
        Assert.Equal(0, CheckHung(true, 5, at: 0));
        Assert.Equal(0, CheckHung(true, 5, at: 120));
        Assert.Equal(121, CheckHung(true, 5, at: 121));
        Assert.Equal(0, CheckHung(true, 5, at: 300));
        Assert.Equal(0, CheckHung(true, 6, at: 310));
        Assert.Equal(0, CheckHung(true, 6, at: 430));
        Assert.Equal(121, CheckHung(true, 6, at: 431));
        Assert.Equal(0, CheckHung(false, 6, at: 440));
        Assert.Equal(0, CheckHung(true, 6, at: 441));
        Assert.Equal(0, CheckHung(true, 6, at: 561));
    }

    [Fact]
    public void A_stop_is_no_part_of_a_wait()
    {
        CheckHung(true, 5, at: 0);
        _clock.Hardware = 600;
        _touches.Touch();

        Assert.Equal(0, CheckHung(true, 5, at: null));
        Assert.Equal(0, CheckHung(true, 5, at: 720));
        Assert.Equal(121, CheckHung(true, 5, at: 721));
    }

    /// <summary>F-51: the tick is 13,028 behind at 250 a second, and the timeout is 21 s.</summary>
    [Fact]
    public void The_deadline_after_a_stop_is_not_made_from_ticks_that_stood_still()
    {
        const long Timeout = 21 * 250;
        _clock.Tick(1000);
        _stall.Begin(ref _clock, Timeout, _touches);
        _clock.Hardware = 1000 + 13_028;
        _touches.Touch();

        Assert.Equal(0, _stall.Check(ref _clock, Timeout, _touches));
        _clock.Tick(1000 + 13_028 + Timeout - 1);
        Assert.Equal(0, _stall.Check(ref _clock, Timeout, _touches));
        _clock.Tick(1000 + 13_028 + Timeout);
        Assert.Equal(13_028 + Timeout, _stall.Check(ref _clock, Timeout, _touches));
        _clock.Tick(1000 + 13_028 + (4 * Timeout) - 1);
        Assert.Equal(0, _stall.Check(ref _clock, Timeout, _touches));
    }

    [Fact]
    public void Without_the_touch_every_detector_takes_the_stop_for_a_fault()
    {
        _clock.Tick(100);
        _soft.Run(100);
        Assert.Equal(0, CheckSoft(20) + CheckHard(1, at: 100) + CheckHung(true, 1, at: 100));
        _stall.Begin(ref _clock, 21, _touches);
        _clock.Tick(700);

        Assert.Equal(600, CheckSoft(20));
        Assert.Equal(600, CheckHard(1, at: 700));
        Assert.Equal(600, CheckHung(true, 1, at: 700));
        Assert.Equal(600, _stall.Check(ref _clock, 21, _touches));
    }

    /// <summary>The CPU is stopped before or after any look at its clock, inside the check or between two, and the touch comes before it goes on.</summary>
    [Theory]
    [InlineData(5, false)]
    [InlineData(80, false)]
    [InlineData(600, false)]
    [InlineData(80, true)]
    [InlineData(600, true)]
    public void A_stop_at_any_moment_is_forgiven_and_a_lockup_is_caught_after_it(long stop, bool isLive)
    {
        int moments = 0;
        for (int at = 0; at < 40; at++)
        {
            LockupTests run = new();
            DrivenClock clock = run._clock;
            clock.World.IsLive = isLive;
            clock.Tick(100);
            run._soft.Run(100);
            run._stall.Begin(ref clock, 21, run._touches);
            int moment = 0;
            clock.World.Between = () =>
            {
                if (moment++ == at)
                {
                    moments++;
                    clock.World.Hardware += stop;
                    run._touches.Touch();
                }
            };

            long ticks = 0;
            for (int look = 0; look < 10; look++)
            {
                // The thread has its turn, the CPU its ticks; the wait and the grace period are short.
                Assert.Equal(0, run.CheckAll(ref clock, ticks));
                ticks += look % 2; // seldom, but often enough
                run._soft.Run(clock.World.Hardware);
                clock.World.Hardware += 4;
                clock.World.Shown = clock.World.Hardware; // the tick carries it on behind the check
                if (look % 4 == 3)
                {
                    run._stall.Begin(ref clock, 21, run._touches);
                    run._turns++;
                }
            }

            // And now the CPU hangs.
            clock.World.Between = null;
            long caught = 0;
            for (int look = 0; look < 40 && caught != 15; look++)
            {
                caught |= run.CheckAll(ref clock, ticks);
                clock.World.Hardware += 4;
                clock.World.Shown = clock.World.Hardware;
            }

            Assert.Equal(15, caught);
        }

        Assert.True(moments >= 20, $"{moments}");
    }

    private long _turns = 1;

    // A bit for each detector that reports.
    private long CheckAll(ref DrivenClock clock, long ticks) =>
        (_soft.Check(ref clock, 20, _touches) > 0 ? 1L : 0)
        + (_hard.Check(ticks, ref clock, 10, _touches) > 0 ? 2 : 0)
        + (_hung.Check(true, _turns, ref clock, 120, _touches) > 0 ? 4 : 0)
        + (_stall.Check(ref clock, 21, _touches) > 0 ? 8 : 0);

    private long CheckSoft(long threshold) => _soft.Check(ref _clock, threshold, _touches);

    private long CheckHard(long ticks, long? at)
    {
        if (at is { } now)
        {
            _clock.Tick(now);
        }

        return _hard.Check(ticks, ref _clock, 10, _touches);
    }

    private long CheckHung(bool isWaiting, long turns, long? at)
    {
        if (at is { } now)
        {
            _clock.Tick(now);
        }

        return _hung.Check(isWaiting, turns, ref _clock, 120, _touches);
    }

    private sealed class ClockWorld
    {
        public long Hardware { get; set; }

        public long Shown { get; set; }

        /// <summary>The clock needs no tick to go on.</summary>
        public bool IsLive { get; set; }

        public Action? Between { get; set; }
    }

    private readonly struct DrivenClock() : IDetectorClock<DrivenClock>
    {
        public ClockWorld World { get; } = new();

        public long Hardware
        {
            set => World.Hardware = value;
        }

        public static long Now(ref DrivenClock self)
        {
            self.World.Between?.Invoke();
            long shown = self.World.IsLive ? self.World.Hardware : self.World.Shown;
            self.World.Between?.Invoke();
            return shown;
        }

        public static void Synchronise(ref DrivenClock self)
        {
            self.World.Between?.Invoke();
            self.World.Shown = self.World.Hardware;
            self.World.Between?.Invoke();
        }

        public void Tick(long now)
        {
            World.Hardware = now;
            World.Shown = now;
        }
    }
}
