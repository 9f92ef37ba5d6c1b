using System;
using Haltpoint.Timekeeping;
using Xunit;

namespace Haltpoint.Core.Tests.Timekeeping;

public sealed class MonotonicTimeTests
{
    [Theory]
    [InlineData(DrivenMachine.Tsc, 36_000)]
    [InlineData(DrivenMachine.Hpet, 42)]
    [InlineData(DrivenMachine.PowerTimer, 4)]
    public void Time_is_exact_over_any_number_of_rounds(int source, int longestPause)
    {
        Random random = new(source);
        DrivenMachine machine = new() { ReadTime = 0 };
        DrivenCounters counters = machine.Counters;
        MonotonicTime time = default;
        ulong start = machine.Time;
        ulong count = machine.Read(source);
        time.Switch(source, machine.Sources[source].Frequency, count, 0);
        ulong step = (DrivenMachine.Second / machine.Sources[source].Frequency) + 1;
        for (int i = 0; i < 10_000; i++)
        {
            machine.Time += (ulong)random.NextInt64((long)longestPause * 1_000_000_000);
            ulong told = time.Read(ref counters);
            Assert.InRange(told, machine.Time - start - (2 * step), machine.Time - start + (2 * step));
        }
    }

    [Fact]
    public void Time_goes_on_over_a_switch_from_where_the_clock_was_last_right()
    {
        DrivenMachine machine = new();
        DrivenCounters counters = machine.Counters;
        ClocksourceWatchdog watchdog = default;
        TouchWord touches = default;
        MonotonicTime time = default;
        ulong start = machine.Time;
        time.Switch(DrivenMachine.Tsc, machine.Sources[DrivenMachine.Tsc].Frequency, machine.Read(DrivenMachine.Tsc), 0);
        watchdog.Look(ref counters, machine.Sources, DrivenMachine.Tsc, touches);
        machine.DriftSince = machine.Time;
        machine.Drift[DrivenMachine.Tsc] = -100_000;
        machine.Time += 500_000_000;

        Assert.Equal(1u, watchdog.Look(ref counters, machine.Sources, DrivenMachine.Tsc, touches));
        int best = ClocksourceSelection.Best(machine.Sources);
        Assert.Equal(DrivenMachine.Hpet, best);
        ClockComparison last = watchdog.By(best);
        time.Switch(best, machine.Sources[best].Frequency, last.Reference, time.At(last.Clock));

        // The 50 ms that the bad clock lost are there again.
        Assert.InRange(time.Read(ref counters), machine.Time - start - 1000, machine.Time - start + 1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Time_never_goes_back_whatever_the_counters_do(int seed)
    {
        Random random = new(seed);
        DrivenMachine machine = new(4);
        DrivenCounters counters = machine.Counters;
        MonotonicTime time = default;
        time.Switch(DrivenMachine.Tsc, machine.Sources[DrivenMachine.Tsc].Frequency, machine.Read(DrivenMachine.Tsc), 0);
        ulong last = 0;
        for (int i = 0; i < 20_000; i++)
        {
            machine.Cpu = random.Next(4);
            machine.Time += (ulong)random.NextInt64(random.Next(100) == 0 ? 600_000_000_000 : 1_000_000);
            if (random.Next(200) == 0)
            {
                machine.Offsets[random.Next(4)] = random.NextInt64(-24_000_000_000, 24_000_000_000);
            }

            if (random.Next(300) == 0)
            {
                int source = random.Next(3);
                time.Switch(source, machine.Sources[source].Frequency, machine.Read(source), time.Read(ref counters));
                Assert.Equal(source, time.Source);
            }

            ulong now = time.Read(ref counters);
            Assert.True(now >= last, $"seed {seed}, reading {i}: {now} after {last}");
            last = now;
        }
    }

    [Fact]
    public void A_switch_in_the_middle_of_a_reading_is_noticed()
    {
        DrivenMachine machine = new();
        DrivenCounters counters = machine.Counters;
        MonotonicTime time = default;
        time.Switch(DrivenMachine.Tsc, machine.Sources[DrivenMachine.Tsc].Frequency, machine.Read(DrivenMachine.Tsc), 0);
        machine.Time += DrivenMachine.Second;
        ulong before = time.Read(ref counters);
        bool isDone = false;
        machine.Between = () =>
        {
            if (!isDone)
            {
                // Far more switches than bases are kept, on another CPU; the last one says it is an hour.
                isDone = true;
                for (int i = 0; i < 9; i++)
                {
                    time.Switch(DrivenMachine.Hpet, machine.Sources[DrivenMachine.Hpet].Frequency, machine.Read(DrivenMachine.Hpet), 3600 * DrivenMachine.Second);
                }
            }
        };

        Assert.InRange(time.Read(ref counters), 3600 * DrivenMachine.Second, 3601 * DrivenMachine.Second);
        Assert.True(before < 2 * DrivenMachine.Second);
    }
}
