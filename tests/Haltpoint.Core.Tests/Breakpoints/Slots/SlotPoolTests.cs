using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

public class SlotPoolTests
{
    private const int All = TestPool.All;
    private const int None = TestPool.None;

    [Fact]
    public void A_disabled_request_keeps_its_slot_and_is_in_no_register()
    {
        using TestPool pool = new(TestPool.Mixed(1), 2, 1);
        SlotId id = pool.Reserve(All, 0, AccessKind.Write, SlotFlags.Disabled);

        pool.ExpectNoSpace(0, None);
        Assert.All(pool.Registers(0, 0, SlotClass.Data, 0), register => Assert.True(register.IsNone));

        Assert.Equal(SlotStatus.Ok, pool.Pool.Modify(id, pool.Request(All, 0), SlotWait.ForLock));
        Assert.Equal(id, pool.Registers(0, 0, SlotClass.Data, 0)[0]);
    }

    [Fact] // of N watchpoints one becomes a breakpoint, and exactly one watchpoint is free then
    public void Changing_the_class_frees_one_slot_of_the_old_one()
    {
        using TestPool pool = new(TestPool.Separate(4, 6), 2, 1);
        SlotId[] watches = pool.Fill(4, All, 0);
        pool.ExpectNoSpace(All, 0);

        Assert.Equal(SlotStatus.Ok, pool.Pool.Modify(watches[0], pool.Request(All, 0, AccessKind.Execute), SlotWait.ForLock));

        Assert.Equal((1, 5), (pool.Free(All, 0), pool.Free(All, 0, AccessKind.Execute)));
        SlotId another = pool.Reserve(All, 0);
        pool.ExpectNoSpace(All, 0);
        Array.ForEach([.. watches, another], pool.Release);
        Assert.True(pool.Pool.IsEmpty);
    }

    [Fact]
    public void A_modification_that_finds_no_slot_leaves_the_request_as_it_was()
    {
        using TestPool pool = new(TestPool.Separate(2, 1), 2, 1);
        SlotId code = pool.Reserve(0, None, AccessKind.Execute);
        SlotId[] watches = pool.Fill(2, All, 0);
        Assert.Equal(SlotStatus.Ok, pool.Pool.TryGet(watches[0], SlotWait.ForLock, out SlotRequest before));

        Assert.Equal(SlotStatus.Exhausted, pool.Pool.Modify(watches[0], pool.Request(All, 0, AccessKind.Execute), SlotWait.ForLock));
        Assert.Equal(SlotStatus.BadLength, pool.Pool.Modify(watches[0], before with { Length = 3 }, SlotWait.ForLock));

        Assert.Equal(SlotStatus.Ok, pool.Pool.TryGet(watches[0], SlotWait.ForLock, out SlotRequest after));
        Assert.Equal((before.Address, before.Length, before.Access), (after.Address, after.Length, after.Access));
        pool.ExpectNoSpace(All, 0);
        Array.ForEach([.. watches, code], pool.Release);
        Assert.True(pool.Pool.IsEmpty);
    }

    [Fact]
    public void A_modification_may_not_change_the_target()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 2);
        SlotId id = pool.Reserve(0, 0);

        Assert.Equal(SlotStatus.BadTarget, pool.Pool.Modify(id, pool.Request(1, 0), SlotWait.ForLock));
        Assert.Equal(SlotStatus.BadTarget, pool.Pool.Modify(id, pool.Request(0, 1), SlotWait.ForLock));
        Assert.Equal(SlotStatus.BadTarget, pool.Pool.Modify(id, pool.Request(0, 0, flags: SlotFlags.Flexible), SlotWait.ForLock));
        pool.Release(id);
        Assert.Equal(SlotStatus.NotFound, pool.Pool.Modify(id, pool.Request(0, 0), SlotWait.ForLock));
    }

    [Fact] // C-20: what is modified in place is nobody else's for a moment
    public void A_full_pool_can_still_be_modified_in_place()
    {
        using TestPool pool = new(TestPool.Mixed(4), 2, 1);
        foreach (SlotId id in pool.Fill(4, All, 0))
        {
            Assert.Equal(SlotStatus.Ok, pool.Pool.Modify(id, pool.Request(All, 0, AccessKind.Execute), SlotWait.ForLock));
        }

        Assert.Equal(4, pool.Registers(0, 0, SlotClass.Data, 0).Count(id => !id.IsNone));
    }

    [Fact] // A-62 a: what the first version refused
    public void A_task_that_is_full_on_one_cpu_is_free_on_another()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        pool.Fill(4, 0, 0);
        Assert.Equal((0, 4, 0), (pool.Free(0, 0), pool.Free(1, 0), pool.Free(All, 0)));
        pool.Fill(4, 1, 0);
    }

    [Fact] // B-5: what the second attempt at kgdb's reservation could not
    public void Thousands_of_tasks_have_all_their_slots_each()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 5_000, 20_001);
        for (int task = 0; task < 5_000; task++)
        {
            pool.Fill(4, All, task);
        }

        pool.ExpectNoSpace(All, 4_999);
        pool.ExpectNoSpace(0, None);
        for (int task = 0; task < 5_000; task++)
        {
            Assert.Equal(SlotStatus.Ok, pool.Pool.ReleaseTask(task, SlotWait.ForLock));
        }

        Assert.True(pool.Pool.IsEmpty);
    }

    [Fact]
    public void A_task_that_ends_gives_back_everything()
    {
        using TestPool pool = new(TestPool.Separate(4, 4), 3, 2);
        pool.Fill(2, All, 0);
        pool.Fill(1, 1, 0);
        pool.Reserve(2, 0, AccessKind.Execute, SlotFlags.Flexible);
        SlotId other = pool.Reserve(All, 1);

        Assert.Equal(SlotStatus.Ok, pool.Pool.ReleaseTask(0, SlotWait.ForLock));

        Assert.Equal((4, 3), (pool.Free(All, 0), pool.Free(All, None)));
        pool.Release(other);
        Assert.True(pool.Pool.IsEmpty);
        Assert.Equal(SlotStatus.BadTarget, pool.Pool.ReleaseTask(2, SlotWait.ForLock));
    }

    [Fact]
    public void Memory_that_is_used_up_is_not_taken_for_a_lack_of_slots()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 8, requests: 5);
        for (int task = 0; task < 5; task++)
        {
            pool.Reserve(All, task);
        }

        Assert.Equal(SlotStatus.Full, pool.TryReserve(out _, All, 6));
        Assert.Equal(4, pool.Free(All, 6)); // the question needs none of that memory
    }

    [Fact]
    public void Who_holds_what_can_be_asked()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 2);
        SlotId[] ids = [pool.Reserve(0, None), pool.Reserve(All, 1), pool.ReserveOn(1)];
        pool.Release(ids[0]);

        List<(SlotId Id, int Task)> held = [];
        int cursor = 0;
        while (pool.Pool.TryNext(ref cursor, SlotWait.ForLock, out SlotId id, out SlotRequest request) == SlotStatus.Ok)
        {
            held.Add((id, request.Task));
        }

        Assert.Equal([(ids[1], 1), (ids[2], None)], held);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Siblings_share_their_registers(int sharedBy)
    {
        using TestPool pool = new(SlotProfile.X86.Shared(sharedBy), 6, 3);
        SlotId wide = pool.Reserve(All, None); // once for the bank, not once for each sibling
        Assert.Equal(3, pool.Free(0, None));
        SlotId[] tasks = [pool.Reserve(All, 0), pool.Reserve(All, 1)];
        Assert.Equal(1, pool.Free(0, None)); // both can run on the bank at one time
        SlotId third = pool.Reserve(All, 2);
        Assert.Equal(sharedBy == 2 ? 1 : 0, pool.Free(0, None)); // two of the three, or all

        int[] running = [.. Enumerable.Range(0, sharedBy)];
        SlotId[] registers = pool.Registers(0, 0, SlotClass.Data, running);
        Assert.Equal(sharedBy == 3 ? [third, tasks[1], tasks[0], wide] : [tasks[1], tasks[0], SlotId.None, wide], registers);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        using TestPool pool = new(SlotProfile.X86, 4, 8);
        SlotPool slots = pool.Pool;
        SlotPlacement[] placed = new SlotPlacement[4];
        Use(slots, placed);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Use(slots, placed);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Use(SlotPool slots, SlotPlacement[] placed)
        {
            SlotRequest request = new() { Address = 0x1000, Length = 8, Access = AccessKind.Write, Cpu = 1, Task = 2 };
            slots.Reserve(request, default, SlotWait.ForLock, out SlotId id);
            slots.Modify(id, request, SlotWait.Never);
            slots.CountFree(request, default, SlotWait.ForLock, out _);
            slots.Layout(1, [2], 0, SlotWait.ForLock, placed, out _);
            slots.TryGet(id, SlotWait.ForLock, out _);
            slots.Release(id, SlotWait.ForLock);
            slots.ReleaseTask(2, SlotWait.ForLock);
        }
    }
}
