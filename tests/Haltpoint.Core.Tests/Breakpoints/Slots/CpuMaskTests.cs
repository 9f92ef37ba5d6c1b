using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>Requests on sets of CPUs: the worked vectors of the 2009 allocator, and its defects A-116, which must not be here.</summary>
/// <remarks>That allocator's boundary is, in our terms, how many slots a new task could have on every CPU.</remarks>
public class CpuMaskTests
{
    private const int All = TestPool.All;
    private const int None = TestPool.None;
    private const int Task = 0;
    private const int NewTask = 1;

    [Fact]
    public void A_113_the_worked_run_on_two_cpus()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 2);
        Dictionary<SlotId, string> names = [];

        names[pool.ReserveOn(0)] = "A";
        Assert.Equal(3, pool.Free(All, NewTask));
        names[pool.ReserveOn(1)] = "B";
        Assert.Equal(3, pool.Free(All, NewTask)); // disjoint masks share
        names[pool.Reserve(All, None)] = "C";
        Assert.Equal(2, pool.Free(All, NewTask));
        names[pool.ReserveOn(1)] = "D";
        Assert.Equal(1, pool.Free(All, NewTask));
        names[pool.ReserveOn(0)] = "E";
        Assert.Equal(1, pool.Free(All, NewTask));
        Assert.Equal("- E C A", Registers(pool, 0, names));
        Assert.Equal("- D C B", Registers(pool, 1, names)); // C is at one index by chance, E and D are not

        Release("A");
        Assert.Equal("- - E C", Registers(pool, 0, names)); // the hole is closed
        Assert.Equal(1, pool.Free(All, NewTask));
        Release("B");
        Assert.Equal("- - D C", Registers(pool, 1, names));
        Assert.Equal(2, pool.Free(All, NewTask));
        Release("C");
        Assert.Equal(3, pool.Free(All, NewTask));
        Release("D");
        Assert.Equal(3, pool.Free(All, NewTask));
        Release("E");
        Assert.Equal(4, pool.Free(All, NewTask));
        Assert.True(pool.Pool.IsEmpty);

        void Release(string name)
        {
            SlotId id = names.First(pair => pair.Value == name).Key;
            names.Remove(id);
            pool.Release(id);
        }
    }

    [Fact]
    public void A_114_what_a_task_holds_is_left_to_it_on_every_cpu()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 2);
        SlotId[] user = pool.Fill(3, All, Task);

        SlotId first = pool.ReserveOn(0);
        Assert.Equal(SlotStatus.Exhausted, pool.TryReserveOn(out _, 0));
        SlotId second = pool.ReserveOn(1);
        pool.ExpectNoSpace(All, None);

        Array.ForEach([.. user, first, second], pool.Release);
        Assert.True(pool.Pool.IsEmpty);
    }

    [Fact]
    public void A_115_four_system_wide_requests_and_no_fifth()
    {
        using TestPool pool = new(SlotProfile.X86, 8, 1);
        SlotId[] ids = pool.Fill(4, All, None);
        pool.ExpectNoSpace(All, None);
        Assert.Equal(0, pool.Free(All, Task));
        Array.ForEach(ids, pool.Release);
        Assert.True(pool.Pool.IsEmpty);
    }

    [Fact]
    public void A_mask_with_one_full_cpu_takes_nothing_anywhere()
    {
        using TestPool pool = new(SlotProfile.X86, 4, 1);
        SlotId[] full = pool.Fill(4, 2, None);

        Assert.Equal(SlotStatus.Exhausted, pool.TryReserveOn(out SlotId id, 0, 1, 2, 3));

        Assert.True(id.IsNone);
        Assert.Equal([4, 4, 0, 4], Enumerable.Range(0, 4).Select(cpu => pool.Free(cpu, None)));
        Array.ForEach(full, pool.Release);
        Assert.True(pool.Pool.IsEmpty);
    }

    [Fact] // A-116 a
    public void A_mask_without_a_cpu_is_refused()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        Assert.Equal(SlotStatus.BadTarget, pool.TryReserveOn(out _));
        Assert.True(pool.Pool.IsEmpty);
    }

    [Theory] // a mask armed in part would be a watch that misses
    [InlineData(2, 0, 2)]
    [InlineData(64, 5)]
    [InlineData(70, 70)]
    [InlineData(70, 127)]
    public void A_mask_with_a_cpu_that_cannot_be_is_refused(int cpus, params int[] mask)
    {
        using TestPool pool = new(SlotProfile.X86, cpus, 1);
        ulong[] words = new ulong[2];
        foreach (int cpu in mask)
        {
            words[cpu / 64] |= 1ul << (cpu % 64);
        }

        ulong[] given = cpus == 64 ? words : words[..pool.Pool.MaskWords]; // for 64: one word too many
        Assert.Equal(SlotStatus.BadTarget, pool.Pool.Reserve(pool.Request(SlotRequest.CpuMask, None), given, SlotWait.ForLock, out _));
    }

    [Fact] // b: there is no such thing as offline for the counts
    public void A_cpu_that_comes_online_later_has_room_for_what_is_asked_of_every_cpu()
    {
        using TestPool pool = new(SlotProfile.X86, 4, 1);
        const int late = 3;
        SlotId[] wide = pool.Fill(3, All, None);
        SlotId masked = pool.ReserveOn(0, late);

        pool.ExpectNoSpace(late, None);
        SlotId[] registers = pool.Registers(late, 0, SlotClass.Data, None);
        Assert.Equal([masked, wide[2], wide[1], wide[0]], registers);

        Array.ForEach([.. wide, masked], pool.Release);
        Assert.True(pool.Pool.IsEmpty);
    }

    [Fact] // A-116 c
    public void Releasing_what_is_not_held_changes_nothing()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        SlotId id = pool.Reserve(0, None);
        pool.Release(id);

        Assert.Equal(SlotStatus.NotFound, pool.Pool.Release(id, SlotWait.ForLock));
        Assert.Equal(SlotStatus.NotFound, pool.Pool.Release(SlotId.None, SlotWait.ForLock));
        Assert.Equal(SlotStatus.NotFound, pool.Pool.Release(default, SlotWait.ForLock));
        SlotId again = pool.Reserve(1, None); // takes the same place
        Assert.Equal(SlotStatus.NotFound, pool.Pool.Release(id, SlotWait.ForLock));
        Assert.Equal(3, pool.Free(1, None));
        pool.Release(again);
        Assert.True(pool.Pool.IsEmpty);
    }

    [Fact] // A-116 d
    public void Each_cpu_has_an_image_of_its_own()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        SlotId zero = pool.ReserveOn(0);
        SlotId one = pool.ReserveOn(1);

        Assert.Equal(zero, pool.Registers(0, 0, SlotClass.Data, None)[3]);
        Assert.Equal(one, pool.Registers(1, 0, SlotClass.Data, None)[3]);
    }

    [Fact] // A-116 e, f
    public void All_that_a_removal_frees_is_free_at_once()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        SlotId[] one = pool.Fill(1, 0, None);
        SlotId[] three = pool.Fill(3, 1, None);
        Assert.Equal(1, pool.Free(All, Task));

        Array.ForEach(three, pool.Release);
        Assert.Equal(3, pool.Free(All, Task));
        Array.ForEach(one, pool.Release);
        Assert.Equal(4, pool.Free(All, Task));
    }

    [Theory]
    [InlineData(SlotRequest.CpuMask, 0, true)]
    [InlineData(2, None, false)]
    [InlineData(-3, None, false)]
    [InlineData(0, 1, false)]
    [InlineData(0, -2, false)]
    [InlineData(0, None, true)]
    public void Targets_that_there_are_not_are_refused(int cpu, int task, bool hasMask)
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        ulong[] mask = hasMask ? pool.Mask(0) : [];
        Assert.Equal(SlotStatus.BadTarget, pool.Pool.Reserve(pool.Request(cpu, task), mask, SlotWait.ForLock, out _));
        Assert.Equal(SlotStatus.BadTarget, pool.Pool.CountFree(pool.Request(cpu, task), mask, SlotWait.ForLock, out _));
        Assert.True(pool.Pool.IsEmpty);
    }

    private static string Registers(TestPool pool, int cpu, Dictionary<SlotId, string> names) =>
        string.Join(' ', pool.Registers(cpu, 0, SlotClass.Data, None).Select(id => id.IsNone ? "-" : names[id]));
}
