using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Perf;

/// <summary>What perf's and the kernel's own selftests do with breakpoints, done through this library (H-11, H-13 to H-15).</summary>
/// <remarks>H-12 is about signals the kernel sends at a hit; this library only reads records, so there is no handler that could recurse.</remarks>
public unsafe class SelftestScenarioTests : PerfTest
{
    // H-14: each kind counts what it should, and nothing else.
    [Theory]
    [InlineData(AccessKind.Write, 0, 1)]
    [InlineData(AccessKind.ReadWrite, 1, 2)]
    public void A_watch_counts_the_accesses_it_is_for(AccessKind access, int afterRead, int afterWrite)
    {
        long cell = 0;
        using PerfEvent counter = Open(&cell, 8, access);
        Assert.Equal(0, System.Threading.Volatile.Read(ref cell));
        Assert.Equal((ulong)afterRead, counter.ReadCount());
        System.Threading.Volatile.Write(ref cell, 1);
        Assert.Equal((ulong)afterWrite, counter.ReadCount());
    }

    [Fact]
    public void A_watch_for_reads_alone_is_refused_on_x86()
    {
        long cell = 0;
        Assert.Equal(PerfStatus.BadRequest, TryOpen(&cell, 8, AccessKind.Read, out _));
    }

    [Fact]
    public void A_watch_is_moved_in_place_and_keeps_its_count()
    {
        long first = 0;
        byte* second = stackalloc byte[16];
        second = (byte*)(((nuint)second + 7) & ~(nuint)7);
        using PerfEvent counter = Open(&first, 8, AccessKind.Write);
        System.Threading.Volatile.Write(ref first, 1);
        Assert.Equal(1ul, counter.ReadCount());

        PerfEventAttr moved = Attr(second, 2, AccessKind.Write);
        moved.Flags |= PerfEventFlags.Disabled;
        Assert.Equal(PerfStatus.Ok, counter.Modify(moved));
        System.Threading.Volatile.Write(ref second[1], 1);
        Assert.Equal(1ul, counter.ReadCount());
        Assert.Equal(PerfStatus.Ok, counter.Enable());
        System.Threading.Volatile.Write(ref second[1], 1);
        Assert.Equal(2ul, counter.ReadCount());
        System.Threading.Volatile.Write(ref second[2], 1);
        Assert.Equal(2ul, counter.ReadCount());
    }

    // H-11: on x86 the two kinds share the registers, so turning one into the other frees none.
    [Fact]
    public void Watchpoints_and_execute_breakpoints_share_their_slots()
    {
        long cell = 0;
        List<PerfEvent> opened = [];
        while (TryOpen(&cell, 8, AccessKind.Write, out PerfEvent? one) == PerfStatus.Ok)
        {
            opened.Add(one!);
        }

        Assert.Equal(4, opened.Count);
        Assert.Equal(PerfStatus.NoSlot, TryOpen(&cell, 8, AccessKind.Execute, out _));
        Assert.Equal(PerfStatus.Ok, opened[0].Modify(Attr(&cell, 8, AccessKind.Execute)));
        Assert.Equal(PerfStatus.NoSlot, TryOpen(&cell, 8, AccessKind.Write, out _));
        opened.ForEach(e => e.Dispose());
    }

    // H-15: every length at every offset, in each of the slots, which are taken from the lowest on.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_slot_hears_every_length_in_each_form(int slot)
    {
        long other = 0;
        List<PerfEvent> below = [];
        for (int i = 0; i < slot; i++)
        {
            below.Add(Open(&other, 8, AccessKind.Write));
        }

        byte* room = stackalloc byte[16];
        byte* cell = (byte*)(((nuint)room + 7) & ~(nuint)7);
        foreach (AccessKind access in new[] { AccessKind.Write, AccessKind.ReadWrite })
        {
            foreach (int length in new[] { 1, 2, 4, 8 })
            {
                using PerfEvent counter = Open(cell, length, access);
                System.Threading.Volatile.Write(ref cell[length - 1], 1);
                Assert.Equal(1ul, counter.ReadCount());
                if (length < 8)
                {
                    System.Threading.Volatile.Write(ref cell[length], 1);
                    Assert.Equal(1ul, counter.ReadCount());
                }
            }
        }

        below.ForEach(e => e.Dispose());
    }

    // H-13: with a period of 100, ten thousand writes are a hundred samples.
    [Fact]
    public void A_period_takes_one_sample_for_so_many_hits()
    {
        using PipedProgram program = new(TraceeBuilder.Build("writers"), "1", "10000", "0", "0");
        WatchPlan plan = new() { Pieces = [new WatchPiece(program.ReadAddress(), 8)], Access = AccessKind.Write, Period = 100, Follow = false };
        PerfRing[] rings = OpenRings(plan);
        using WatchEvents events = new(plan, rings);
        Assert.True(events.AddProcess(program.Id).IsOk);
        using RingReader reader = new(events, rings);
        events.Enable();
        reader.Start();
        program.GoOn();
        program.ReadLine();
        reader.Stop();

        Assert.Equal(10_000ul, events.ReadCount());
        // The rest on each CPU that is less than a period has no sample.
        Assert.InRange(reader.Hits, 100 - rings.Length, 100);
        foreach (PerfRing ring in rings)
        {
            ring.Dispose();
        }
    }

    private static PerfEventAttr Attr(void* address, int length, AccessKind access) => new()
    {
        Type = PerfEventType.Breakpoint,
        SamplePeriod = 1,
        BreakpointType = (uint)access,
        BreakpointAddress = (ulong)address,
        BreakpointLength = (ulong)length,
        Flags = PerfEventFlags.ExcludeKernel | PerfEventFlags.ExcludeHypervisor,
    };

    private static PerfStatus TryOpen(void* address, int length, AccessKind access, out PerfEvent? opened) =>
        PerfEvent.TryOpen(Attr(address, length, access), 0, -1, out opened);

    private static PerfEvent Open(void* address, int length, AccessKind access)
    {
        PerfStatus status = TryOpen(address, length, access, out PerfEvent? opened);
        Assert.SkipWhen(status is PerfStatus.NotPermitted or PerfStatus.NotSupported, $"perf events are refused here: {status}");
        Assert.Equal(PerfStatus.Ok, status);
        return opened!;
    }
}
