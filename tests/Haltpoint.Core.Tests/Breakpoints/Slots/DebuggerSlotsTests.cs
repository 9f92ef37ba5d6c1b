using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>The debugger takes slots from the common pool, never waits, and gives back exactly what it took.</summary>
public sealed unsafe class DebuggerSlotsTests : IDisposable
{
    private const ulong Kernel = 0xFFFF_FFFF_8000_1000;
    private const int Cpus = 3;
    private const int Capacity = 6;

    private readonly TestPool _pool = new(SlotProfile.X86, Cpus, tasks: 1);
    private readonly DebuggerBreakpoint* _entries = (DebuggerBreakpoint*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(DebuggerBreakpoint));
    private readonly DebuggerSlots _slots;

    public DebuggerSlotsTests() => _slots = new DebuggerSlots(_pool.Pool, _entries, Capacity);

    private int[] Free => [.. Enumerable.Range(0, Cpus).Select(cpu => _pool.Free(cpu, TestPool.None))];

    public void Dispose()
    {
        NativeMemory.Free(_entries);
        _pool.Dispose();
    }

    [Fact] // B-10, B-18, B-33
    public void A_fifth_breakpoint_is_refused_and_the_four_stay()
    {
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(SlotStatus.Ok, _slots.Insert(BreakpointKind.Hardware, Kernel + (ulong)i, 1, default));
        }

        Assert.Equal(SlotStatus.Exhausted, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 8, default));
        Assert.Equal((4, SlotStatus.Ok, 0), (_slots.Count, _slots.CountFree(1, out int free), free));
        Assert.Equal(SlotStatus.Ok, _slots.RemoveAll());
        Assert.True(_pool.Pool.IsEmpty);
    }

    [Theory] // B-6, B-19
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_request_that_fails_at_any_of_its_slots_gives_the_others_back(int free)
    {
        _pool.Fill(4 - free, cpu: 2, TestPool.None);
        int[] before = Free;
        Assert.Equal(SlotStatus.Exhausted, _slots.Insert(BreakpointKind.WriteWatch, Kernel + 1, 15, default)); // 1 + 2 + 4 + 8
        Assert.Equal(before, Free);
        Assert.Equal(0, _slots.Count);
    }

    [Fact] // B-6, B-18
    public void What_no_register_can_hold_takes_nothing()
    {
        Assert.Equal(SlotStatus.BadAccess, _slots.Insert(BreakpointKind.ReadWatch, Kernel, 4, default));
        Assert.Equal(SlotStatus.BadAccess, _slots.Insert(BreakpointKind.Software, Kernel, 1, default));
        Assert.Equal(SlotStatus.BadLength, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 0, default));
        Assert.Equal(SlotStatus.BadLength, _slots.Insert(BreakpointKind.Hardware, Kernel, 2, default));
        Assert.Equal(SlotStatus.BadAddress, _slots.Insert(BreakpointKind.WriteWatch, ulong.MaxValue, 2, default));
        Assert.Equal(SlotStatus.Exhausted, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 33, default));
        Assert.Equal(SlotStatus.BadTarget, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 8, _pool.Mask()));
        Assert.True(_pool.Pool.IsEmpty);
    }

    [Fact] // B-8, B-11
    public void A_pool_that_a_stopped_cpu_is_inside_of_refuses_at_once()
    {
        _pool.Lock = 1;
        Assert.Equal(SlotStatus.Busy, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 16, default));
        Assert.Equal(SlotStatus.Busy, _slots.CountFree(0, out _));
        _pool.Lock = 0;
        Assert.Equal(0, _slots.Count);
        Assert.True(_pool.Pool.IsEmpty);
    }

    [Fact] // B-12, not B-20
    public void A_removal_that_is_refused_can_be_made_again()
    {
        Assert.Equal(SlotStatus.Ok, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 16, default));
        _pool.Lock = 1;
        Assert.Equal(SlotStatus.Busy, _slots.Remove(BreakpointKind.WriteWatch, Kernel, 16));
        Assert.Equal(SlotStatus.Busy, _slots.RemoveAll());
        _pool.Lock = 0;
        Assert.Equal([2, 2, 2], Free);
        Assert.Equal(SlotStatus.Ok, _slots.Remove(BreakpointKind.WriteWatch, Kernel, 16));
        Assert.Equal(SlotStatus.NotFound, _slots.Remove(BreakpointKind.WriteWatch, Kernel, 16));
        Assert.True(_pool.Pool.IsEmpty);
    }

    [Fact]
    public void A_mask_takes_slots_on_its_cpus_alone_and_on_all_of_them_or_none()
    {
        Assert.Equal(SlotStatus.Ok, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 16, _pool.Mask(0, 2)));
        Assert.Equal([2, 4, 2], Free);
        _pool.Fill(2, cpu: 2, TestPool.None);
        Assert.Equal(SlotStatus.Exhausted, _slots.Insert(BreakpointKind.Hardware, Kernel, 1, _pool.Mask(1, 2)));
        Assert.Equal([2, 4, 0], Free);
    }

    [Fact]
    public void Inserting_what_is_inserted_takes_no_second_slot()
    {
        Assert.Equal(SlotStatus.Ok, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 4, default));
        Assert.Equal(SlotStatus.Ok, _slots.Insert(BreakpointKind.WriteWatch, Kernel, 4, default));
        Assert.Equal(1, _slots.Count);
        Assert.Equal(SlotStatus.Ok, _slots.Remove(BreakpointKind.WriteWatch, Kernel, 4));
        Assert.True(_pool.Pool.IsEmpty);
    }

    [Fact] // not B-28
    public void The_register_that_fired_names_one_breakpoint()
    {
        _slots.Insert(BreakpointKind.WriteWatch, Kernel, 4, default);
        _slots.Insert(BreakpointKind.AccessWatch, Kernel + 8, 16, default);
        SlotId other = _pool.Reserve(0, TestPool.None);
        SlotPlacement[] placed = new SlotPlacement[4];
        _pool.Pool.Layout(0, [TestPool.None], 0, SlotWait.Never, placed, out int count);

        List<string> found = [];
        foreach (SlotPlacement placement in placed.AsSpan(0, count))
        {
            found.Add(_slots.TryFind(placement.Id, out DebuggerBreakpoint breakpoint) ? $"{breakpoint.Kind} {breakpoint.Length}" : "not ours");
        }

        Assert.Equal(["AccessWatch 16", "AccessWatch 16", "WriteWatch 4", "not ours"], found.Order());
        _pool.Release(other);
    }

    [Fact]
    public void Any_run_of_requests_conserves_slots()
    {
        Random random = new(7);
        List<(BreakpointKind Kind, ulong Address, int Length, int Needs)> held = [];
        for (int i = 0; i < 20_000; i++)
        {
            bool isBusy = random.Next(8) == 0;
            int index = random.Next(8);
            if (index < held.Count)
            {
                (BreakpointKind kind, ulong address, int length, _) = held[index];
                _pool.Lock = isBusy ? 1 : 0;
                Assert.Equal(isBusy ? SlotStatus.Busy : SlotStatus.Ok, _slots.Remove(kind, address, length));
                held.RemoveRange(index, isBusy ? 0 : 1);
            }
            else
            {
                BreakpointKind kind = (BreakpointKind)random.Next(5);
                ulong address = Kernel + (ulong)random.Next(40);
                int length = kind == BreakpointKind.Hardware ? 1 : random.Next(20);
                int needs = new WatchRange(address, (ulong)length, 8).CountPieces(5);
                bool isNew = held.All(other => (other.Kind, other.Address, other.Length) != (kind, address, length));
                _pool.Lock = isBusy ? 1 : 0;
                bool isTaken = _slots.Insert(kind, address, length, default) == SlotStatus.Ok;
                bool fits = kind is BreakpointKind.Hardware or BreakpointKind.WriteWatch or BreakpointKind.AccessWatch && length > 0
                    && !isBusy && held.Sum(other => other.Needs) + needs <= 4;
                Assert.True(isTaken == (fits || !isNew));
                if (isTaken && isNew)
                {
                    held.Add((kind, address, length, needs));
                }
            }

            _pool.Lock = 0;
            int free = 4 - held.Sum(other => other.Needs);
            Assert.Equal([free, free, free], Free);
            Assert.Equal(held.Count, _slots.Count);
        }
    }
}
