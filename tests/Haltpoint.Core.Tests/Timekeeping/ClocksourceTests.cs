using System;
using System.Numerics;
using Haltpoint.Timekeeping;
using Xunit;

namespace Haltpoint.Core.Tests.Timekeeping;

public sealed class ClocksourceTests
{
    [Theory]
    [InlineData(0, 3_579_545, 0)]
    [InlineData(1, 3_579_545, 279)] // 279.365...
    [InlineData(3_579_545, 3_579_545, 1_000_000_000)]
    [InlineData(0xFF_FFFF, 3_579_545, 4_686_968_595)] // F-8: about 4.6 s
    [InlineData(7, 14_318_180, 488)]
    [InlineData(ulong.MaxValue, 2_400_000_000, 7_686_143_364_045_646_506)]
    public void Counts_become_nanoseconds_rounded_down(ulong count, ulong frequency, ulong expected) =>
        Assert.Equal(expected, TimeScale.ToNanoseconds(count, frequency));

    [Fact]
    public void Scaling_is_exact_for_any_count_and_frequency()
    {
        Random random = new(20240607);
        for (int i = 0; i < 100_000; i++)
        {
            ulong frequency = (ulong)random.NextInt64(1, 1L << random.Next(1, 34));
            ulong nanoseconds = (ulong)random.NextInt64() >> random.Next(0, 63);
            ulong count = (ulong)(new BigInteger(nanoseconds) * frequency / 1_000_000_000 & ulong.MaxValue);
            Assert.Equal((ulong)(new BigInteger(count) * 1_000_000_000 / frequency & ulong.MaxValue), TimeScale.ToNanoseconds(count, frequency));
            Assert.Equal(count, TimeScale.ToCount(nanoseconds, frequency));
        }
    }

    [Fact]
    public void The_best_rated_that_is_there_and_runs_right_is_taken()
    {
        Clocksource[] sources = new DrivenMachine().Sources;

        Assert.Equal(DrivenMachine.Tsc, ClocksourceSelection.Best(sources));
        Assert.False(ClocksourceSelection.IsReference(sources[DrivenMachine.Tsc]));
        sources[DrivenMachine.Tsc].MarkUnstable();
        Assert.Equal(DrivenMachine.Hpet, ClocksourceSelection.Best(sources));
        sources[DrivenMachine.Hpet].Frequency = 0;
        Assert.Equal(DrivenMachine.PowerTimer, ClocksourceSelection.Best(sources));
        Assert.True(ClocksourceSelection.IsReference(sources[DrivenMachine.PowerTimer]));
        sources[DrivenMachine.PowerTimer].MarkUnstable();
        Assert.Equal(ClocksourceSelection.None, ClocksourceSelection.Best(sources));
    }

    [Fact]
    public void A_counter_goes_on_over_its_rounds()
    {
        WideCount wide = default;
        ulong[] readings = [5, 0xFF, 0x00, 0x80, 0x7F, 0x7F, 0x7E];
        ulong[] expected = [5, 0xFF, 0x100, 0x180, 0x27F, 0x27F, 0x37E];
        for (int i = 0; i < readings.Length; i++)
        {
            Assert.True(wide.TryContinue(wide.Last, readings[i], 0xFF, out ulong count));
            Assert.Equal(expected[i], count);
        }
    }

    /// <summary>Each reader takes two steps (what was last, then counter and exchange), in every order, with any time between; one may be held
    /// for rounds while the other goes on reading.</summary>
    [Fact]
    public void Readers_in_every_order_agree_with_a_counter_that_never_comes_round()
    {
        const int Steps = 10;
        int[] pauses = [0, 1, 7, 15]; // of a counter of 16 steps
        long orders = 0;
        for (int order = 0; order < 1 << Steps; order++)
        {
            foreach (int pause in pauses)
            {
                WideCount wide = default;
                ulong truth = 3;
                long?[] lasts = new long?[2];
                ulong highest = 0;
                ulong highestCount = 0;
                for (int step = 0; step < Steps; step++)
                {
                    int reader = order >> step & 1;
                    if (lasts[reader] is not { } last)
                    {
                        lasts[reader] = wide.Last;
                        continue;
                    }

                    lasts[reader] = null;
                    bool isCurrent = wide.TryContinue(last, truth & 15, 15, out ulong count);
                    if (isCurrent && truth - highest < 16)
                    {
                        Assert.Equal(truth - highest, count - highestCount);
                        orders++;
                    }

                    if (!isCurrent)
                    {
                        Assert.NotEqual(last, wide.Last);
                    }

                    (highest, highestCount) = isCurrent ? (truth, count) : (highest, highestCount);
                    truth += (ulong)pause;
                }
            }
        }

        Assert.True(orders > 1000);
    }
}
