using System;
using System.Linq;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>A debugger that stopped the world shares the pool and never waits (B-2 to B-12).</summary>
public class StoppedWorldTests
{
    private const int All = TestPool.All;
    private const int None = TestPool.None;

    [Fact] // B-8, B-11, B-12
    public void Every_request_is_answered_at_once_when_a_stopped_one_is_inside()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        SlotId id = pool.Reserve(0, None);
        SlotPool slots = pool.Pool;
        int[] before = pool.Memory.ToArray();
        pool.Lock = 1; // somebody was stopped in there
        int cursor = 0;

        Assert.Equal(SlotStatus.Busy, slots.Reserve(pool.Request(All, None), default, SlotWait.Never, out SlotId none));
        Assert.True(none.IsNone);
        Assert.Equal(SlotStatus.Busy, slots.Release(id, SlotWait.Never));
        Assert.Equal(SlotStatus.Busy, slots.Modify(id, pool.Request(0, None), SlotWait.Never));
        Assert.Equal(SlotStatus.Busy, slots.ReleaseTask(0, SlotWait.Never));
        Assert.Equal(SlotStatus.Busy, slots.CountFree(pool.Request(0, None), default, SlotWait.Never, out _));
        Assert.Equal(SlotStatus.Busy, slots.Layout(0, [None], 0, SlotWait.Never, new SlotPlacement[4], out _));
        Assert.Equal(SlotStatus.Busy, slots.TryGet(id, SlotWait.Never, out _));
        Assert.Equal(SlotStatus.Busy, slots.TryNext(ref cursor, SlotWait.Never, out _, out _));

        pool.Lock = 0;
        Assert.Equal(before, pool.Memory.ToArray());
        Assert.Equal(SlotStatus.Ok, slots.Release(id, SlotWait.Never));
        Assert.True(slots.IsEmpty);
    }

    [Fact] // B-10, B-19; better than B-6
    public void A_debugger_takes_slots_on_every_cpu_or_on_none()
    {
        using TestPool pool = new(SlotProfile.X86, 4, 1);
        pool.Fill(4, 3, None);
        Assert.Equal(SlotStatus.Exhausted, pool.Pool.Reserve(pool.Request(All, None), default, SlotWait.Never, out _));
        Assert.Equal([4, 4, 4, 0], Enumerable.Range(0, 4).Select(cpu => pool.Free(cpu, None)));
    }

    [Fact] // B-33
    public void A_debugger_can_ask_what_is_free_on_each_cpu()
    {
        using TestPool pool = new(SlotProfile.Arm64(6, 4), 3, 2);
        pool.Fill(1, 0, None);
        pool.Fill(2, 1, 0);
        pool.Fill(1, All, 1);
        pool.Fill(3, 2, None, AccessKind.Execute);

        Assert.Equal([2, 2, 3], Enumerable.Range(0, 3).Select(cpu => pool.Free(cpu, None)));
        Assert.Equal([6, 6, 3], Enumerable.Range(0, 3).Select(cpu => pool.Free(cpu, None, AccessKind.Execute)));
        Assert.Equal((2, 2, 2, 2), (pool.Free(All, None), pool.Free(All, 0), pool.Free(All, 1), pool.Free(1, 0)));
    }

    [Fact]
    public void Whoever_may_wait_waits_until_the_pool_is_free()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        using ManualResetEventSlim isStarted = new();
        pool.Lock = 1;
        SlotStatus status = SlotStatus.Busy;
        Thread waiter = new(() =>
        {
            isStarted.Set();
            status = pool.TryReserve(out _, All, None);
        });
        waiter.Start();
        isStarted.Wait(TestContext.Current.CancellationToken);
        Assert.Equal(SlotStatus.Busy, pool.Pool.Reserve(pool.Request(All, None), default, SlotWait.Never, out _));

        Volatile.Write(ref pool.Lock, 0);
        waiter.Join();

        Assert.Equal(SlotStatus.Ok, status);
    }
}
