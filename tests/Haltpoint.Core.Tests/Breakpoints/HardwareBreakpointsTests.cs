using System;
using System.Collections.Generic;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints;

public class HardwareBreakpointsTests
{
    private const BreakpointKind Code = BreakpointKind.Hardware;
    private const BreakpointKind Write = BreakpointKind.WriteWatch;
    private const BreakpointKind Access = BreakpointKind.AccessWatch;

    [Fact]
    public void The_fifth_slot_is_refused_and_nothing_changes()
    {
        HardwareBreakpoints set = default;
        for (ulong i = 0; i < 4; i++)
        {
            Assert.Equal(SlotStatus.Ok, set.Insert(Write, 0x1000 + (16 * i), 8));
        }

        DebugRegisterImage full = new(set);
        Assert.Equal(SlotStatus.Exhausted, set.Insert(Write, 0x2000, 1));

        Assert.True(full.Is(new DebugRegisterImage(set)));
        Assert.Equal(4, set.RequestCount);
        Assert.Equal(0ul, new DebugRegisterImage(default(HardwareBreakpoints)).Control.Bits);
        Assert.Equal(0x9999_02AAul, full.Control.Bits);
    }

    [Fact]
    public void A_long_range_takes_all_its_slots_or_none()
    {
        HardwareBreakpoints set = default;
        Assert.Equal(SlotStatus.Ok, set.Insert(Write, 0x3000, 8));
        Assert.Equal(SlotStatus.Ok, set.Insert(Code, 0x400123, 1));

        Assert.Equal(SlotStatus.Exhausted, set.Insert(Write, 0x1001, 7)); // three pieces, two slots
        Assert.Equal(2, set.FreeSlots);
        Assert.Equal(SlotStatus.Ok, set.Insert(Write, 0x1006, 6)); // two pieces
        Assert.Equal(0, set.FreeSlots);
        Assert.Equal(SlotStatus.Ok, set.Remove(Write, 0x1006, 6));
        Assert.Equal(2, set.FreeSlots);
    }

    [Fact]
    public void Equal_requests_are_counted()
    {
        HardwareBreakpoints set = default;
        Assert.Equal(SlotStatus.Ok, set.Insert(Write, 0x1000, 4));
        Assert.Equal(SlotStatus.Ok, set.Insert(Write, 0x1000, 4));
        Assert.Equal(1, set.RequestCount);
        Assert.Equal(2, set.RequestAt(0).Count);
        Assert.Equal(3, set.FreeSlots);

        Assert.Equal(SlotStatus.Ok, set.Remove(Write, 0x1000, 4));
        Assert.True(set.Contains(Write, 0x1000, 4));
        Assert.Equal(SlotStatus.Ok, set.Remove(Write, 0x1000, 4));
        Assert.False(set.Contains(Write, 0x1000, 4));
        Assert.Equal(SlotStatus.NotFound, set.Remove(Write, 0x1000, 4));
        Assert.Equal(4, set.FreeSlots);
    }

    [Fact]
    public void A_write_watch_shares_the_slot_of_an_access_watch_and_goes_back_to_writes_when_that_leaves()
    {
        HardwareBreakpoints set = default;
        set.Insert(Write, 0x1000, 8);
        Assert.Equal(0x0009_0202ul, new DebugRegisterImage(set).Control.Bits);

        Assert.Equal(SlotStatus.Ok, set.Insert(Access, 0x1000, 8));
        Assert.Equal(3, set.FreeSlots);
        Assert.Equal(0x000B_0202ul, new DebugRegisterImage(set).Control.Bits);
        Assert.Equal((Access, 0x1000ul), TheHit(set, 0b0001));

        set.Remove(Access, 0x1000, 8);
        Assert.Equal(0x0009_0202ul, new DebugRegisterImage(set).Control.Bits);
        Assert.Equal((Write, 0x1000ul), TheHit(set, 0b0001));
    }

    [Fact]
    public void A_breakpoint_and_a_watch_of_the_same_byte_take_a_slot_each()
    {
        HardwareBreakpoints set = default;
        set.Insert(Code, 0x1000, 1);
        set.Insert(Write, 0x1000, 1);

        Assert.Equal(2, set.FreeSlots);
        set.Remove(Code, 0x1000, 1);
        Assert.Equal((Write, 0x1000ul), TheHit(set, 0b0010));
    }

    [Fact]
    public void Part_of_a_range_shares_where_the_pieces_are_equal()
    {
        HardwareBreakpoints set = default;
        set.Insert(Write, 0x1000, 32);
        Assert.Equal(SlotStatus.Ok, set.Insert(Access, 0x1008, 16));
        Assert.Equal(SlotStatus.Exhausted, set.Insert(Write, 0x1008, 4)); // other bytes, other register

        set.Remove(Write, 0x1000, 32);
        Assert.Equal(2, set.FreeSlots);
    }

    [Theory]
    [InlineData(BreakpointKind.Software, 0x1000ul, 1, SlotStatus.BadAccess)]
    [InlineData(BreakpointKind.ReadWatch, 0x1000ul, 4, SlotStatus.BadAccess)]
    [InlineData(Write, 0x1000ul, 0, SlotStatus.BadLength)]
    [InlineData(Write, 0x1000ul, -1, SlotStatus.BadLength)]
    [InlineData(Code, 0x1000ul, 2, SlotStatus.BadLength)] // length code 1 and nothing else
    [InlineData(Write, ulong.MaxValue, 2, SlotStatus.BadAddress)]
    [InlineData(Write, 0x1000ul, 33, SlotStatus.Exhausted)]
    [InlineData(Write, 0x1000ul, int.MaxValue, SlotStatus.Exhausted)]
    public void What_no_register_holds_is_refused_for_its_own_reason(BreakpointKind kind, ulong address, int length, SlotStatus expected)
    {
        HardwareBreakpoints set = default;
        Assert.Equal(expected, set.Insert(kind, address, length));
        Assert.Equal(0, set.RequestCount);
    }

    [Fact]
    public void Watches_are_reported_before_breakpoints_and_slots_that_nobody_holds_not_at_all()
    {
        HardwareBreakpoints set = default;
        set.Insert(Code, 0x400000, 1);
        set.Insert(Write, 0x1000, 8);

        int slots = 0b1111; // 2 and 3 are not armed
        Assert.True(set.TryTakeHit(ref slots, out HardwareHit first));
        Assert.True(set.TryTakeHit(ref slots, out HardwareHit second));
        Assert.False(set.TryTakeHit(ref slots, out _));
        Assert.Equal((Write, 1, 0x1000ul), (first.Kind, first.Slot, first.Address));
        Assert.Equal((Code, 0, 0x400000ul), (second.Kind, second.Slot, second.Address));
        Assert.Equal(0, slots);
    }

    [Fact]
    public void A_piece_that_comes_back_finds_its_register()
    {
        HardwareBreakpoints set = default;
        set.Insert(Write, 0x1000, 8);
        set.Insert(Write, 0x2000, 8);
        DebugRegisterImage before = new(set);
        set.Remove(Write, 0x1000, 8);
        set.Remove(Write, 0x2000, 8);
        set.Insert(Write, 0x2000, 8);
        set.Insert(Write, 0x1000, 8);

        Assert.True(before.Is(new DebugRegisterImage(set)));
    }

    // The rule, told without slots: a request fits when the different pieces of all requests together are four or fewer.
    [Fact]
    public void Random_requests_fit_exactly_when_their_different_pieces_do()
    {
        Random random = new(20260101);
        for (int round = 0; round < 2_000; round++)
        {
            HardwareBreakpoints set = default;
            List<(BreakpointKind Kind, ulong Address, int Length)> held = [];
            for (int step = 0; step < 30; step++)
            {
                if (held.Count > 0 && random.Next(3) == 0)
                {
                    int index = random.Next(held.Count);
                    Assert.Equal(SlotStatus.Ok, set.Remove(held[index].Kind, held[index].Address, held[index].Length));
                    held.RemoveAt(index);
                }
                else
                {
                    BreakpointKind kind = (BreakpointKind)(new[] { 1, 2, 4 })[random.Next(3)];
                    (BreakpointKind, ulong, int) wanted = (kind, 0x1000 + (ulong)random.Next(24), kind == Code ? 1 : 1 + random.Next(32));
                    held.Add(wanted);
                    bool fits = Pieces(held).Count <= 4;
                    Assert.Equal(fits ? SlotStatus.Ok : SlotStatus.Exhausted, set.Insert(wanted.Item1, wanted.Item2, wanted.Item3));
                    if (!fits)
                    {
                        held.RemoveAt(held.Count - 1);
                    }
                }

                AssertArmed(Pieces(held), set);
            }
        }
    }

    private static Dictionary<(bool IsCode, ulong Address, int Length), AccessKind> Pieces(List<(BreakpointKind Kind, ulong Address, int Length)> requests)
    {
        Dictionary<(bool, ulong, int), AccessKind> pieces = [];
        foreach ((BreakpointKind kind, ulong address, int length) in requests)
        {
            WatchRange range = new(address, (ulong)length, 8);
            while (range.TryTake(out WatchPiece piece))
            {
                (bool, ulong, int) key = (kind == Code, piece.Address, piece.Length);
                AccessKind access = kind == Code ? AccessKind.Execute : kind == Write ? AccessKind.Write : AccessKind.ReadWrite;
                pieces[key] = pieces.GetValueOrDefault(key) | access;
            }
        }

        return pieces;
    }

    private static void AssertArmed(Dictionary<(bool IsCode, ulong Address, int Length), AccessKind> pieces, in HardwareBreakpoints set)
    {
        DebugRegisterImage image = new(set);
        int armed = 0;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if (image.Control.IsArmed(slot))
            {
                armed++;
                AccessKind access = image.Control.AccessOf(slot);
                Assert.Equal(access, pieces[(access == AccessKind.Execute, image.GetAddress(slot), image.Control.LengthOf(slot))]);
            }
        }

        Assert.Equal(pieces.Count, armed);
    }

    private static (BreakpointKind Kind, ulong Address) TheHit(in HardwareBreakpoints set, int slots)
    {
        Assert.True(set.TryTakeHit(ref slots, out HardwareHit hit));
        Assert.Equal(0, slots);
        return (hit.Kind, hit.Address);
    }
}
