using System.Linq;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

public class SlotBankTests
{
    private const ulong Step = 1ul << 14;

    [Fact]
    public void It_holds_what_was_placed_and_for_whom()
    {
        using TestPool pool = new(SlotProfile.X86, 1, 1);
        SlotId everywhere = pool.Reserve(TestPool.All, TestPool.None);
        SlotId ofTask = pool.Reserve(TestPool.All, 0, AccessKind.Execute);
        SlotBank bank = default;

        bank.Set(Placed(pool, 0));

        Assert.True(bank.OwnerOf(0).Is(ofTask));
        Assert.True(bank.OwnerOf(3).Is(everywhere));
        Assert.True(bank.OwnerOf(1).IsNone);
        Assert.Equal((AccessKind.Execute, AccessKind.Write), (bank.AccessOf(0), bank.AccessOf(3)));
        Assert.Equal((0x1010ul, 0x1008ul), (bank.Image.GetAddress(0), bank.Image.GetAddress(3)));
        Assert.Equal(0x1000_0282ul, bank.Image.Control.Bits); // SDM volume 3, "DR7": G0, G3, GE; write in slot 3, one byte each
    }

    [Fact]
    public void The_address_of_a_register_that_is_no_longer_used_stays()
    {
        using TestPool pool = new(SlotProfile.X86, 1, 1);
        SlotId id = pool.Reserve(TestPool.All, 0);
        SlotBank bank = default;
        bank.Set(Placed(pool, 0));

        bank.Set(Placed(pool, TestPool.None));

        Assert.Equal((0x1008ul, 0ul), (bank.Image.GetAddress(0), bank.Image.Control.Bits));
        Assert.False(bank.OwnerOf(0).Is(id));
    }

    [Theory]
    [InlineData(0b0000, 0b0000)]
    [InlineData(0b0001, 0b0001)]
    [InlineData(0b1001, 0b1001)]
    [InlineData(0b0110, 0b0000)] // not armed
    [InlineData(0b1111, 0b1001)]
    [InlineData(Step | 0b1000, 0b1000)]
    [InlineData(Step | 0b1001, 0b1000)] // the one for execution comes again
    public void A_hit_is_of_an_armed_register_whose_turn_it_is(ulong status, int hits)
    {
        using TestPool pool = new(SlotProfile.X86, 1, 1);
        pool.Reserve(TestPool.All, TestPool.None);
        pool.Reserve(TestPool.All, 0, AccessKind.Execute);
        SlotBank bank = default;
        bank.Set(Placed(pool, 0));

        Assert.Equal(hits, bank.HitsOf(new DebugStatus(status | DebugStatus.Reset)));
    }

    [Fact]
    public void An_id_is_its_request_and_no_other_in_its_place()
    {
        using TestPool pool = new(SlotProfile.X86, 1, 1);
        SlotId first = pool.Reserve(TestPool.All, TestPool.None);
        pool.Release(first);
        SlotId second = pool.Reserve(TestPool.All, TestPool.None);

        Assert.Equal(first.Index, second.Index);
        Assert.InRange(second.Index, 0, pool.Pool.Places - 1);
        Assert.True(second.Is(second));
        Assert.False(second.Is(first));
        Assert.False(SlotId.None.Is(SlotId.None));
        Assert.Equal(-1, SlotId.None.Index);
    }

    private static SlotPlacement[] Placed(TestPool pool, int running)
    {
        SlotPlacement[] placed = new SlotPlacement[4];
        Assert.Equal(SlotStatus.Ok, pool.Pool.Layout(0, [running], 0, SlotWait.ForLock, placed, out int count));
        return [.. placed.Take(count)];
    }
}
