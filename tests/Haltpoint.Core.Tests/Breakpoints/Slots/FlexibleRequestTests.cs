using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>Flexible requests, which Linux plans for and counts as pinned .</summary>
public class FlexibleRequestTests
{
    private const int All = TestPool.All;
    private const int None = TestPool.None;
    private const SlotFlags Flexible = SlotFlags.Flexible;

    [Fact]
    public void Any_number_of_them_needs_one_slot()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 2);
        pool.Fill(3, All, None);
        SlotId[] flexible = [.. Enumerable.Range(0, 20).Select(_ => pool.Reserve(All, None, flags: Flexible))];

        pool.ExpectNoSpace(0, None); // the last slot is the one they share
        pool.ExpectNoSpace(0, 1);
        SlotId ofTask = pool.Reserve(0, 1, flags: Flexible);
        Array.ForEach([.. flexible, ofTask], pool.Release);
        Assert.Equal(1, pool.Free(All, None));
    }

    [Fact]
    public void One_is_refused_where_pinned_requests_leave_nothing()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 2);
        pool.Fill(4, 0, 0);
        pool.ExpectNoSpace(0, 0, flags: Flexible);
        pool.ExpectNoSpace(All, None, flags: Flexible);
        pool.Reserve(All, 1, flags: Flexible); // task 1 never runs together with task 0
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(2, 5)]
    [InlineData(3, 3)]
    public void Each_has_a_register_in_the_same_number_of_turns(int pinned, int flexible)
    {
        using TestPool pool = new(SlotProfile.X86, 1, 1);
        SlotId[] always = pool.Fill(pinned, All, None);
        Dictionary<SlotId, int> turns = [];
        for (int i = 0; i < flexible; i++)
        {
            turns[pool.Reserve(All, i % 2 == 0 ? 0 : None, flags: Flexible)] = 0;
        }

        for (uint turn = 0; turn < flexible; turn++)
        {
            SlotId[] registers = pool.Registers(0, turn, SlotClass.Data, 0);
            Assert.All(always, id => Assert.Contains(id, registers));
            Assert.DoesNotContain(SlotId.None, registers);
            foreach (SlotId id in registers.Except(always))
            {
                turns[id]++;
            }
        }

        Assert.All(turns.Values, count => Assert.Equal(4 - pinned, count));
    }

    [Fact]
    public void They_fill_what_is_left_and_no_more_when_few()
    {
        using TestPool pool = new(SlotProfile.X86, 1, 1);
        SlotId pinned = pool.Reserve(All, None);
        SlotId ofTask = pool.Reserve(All, 0);
        SlotId flexible = pool.Reserve(0, None, flags: Flexible);

        for (uint turn = 0; turn < 4; turn++)
        {
            Assert.Equal([ofTask, flexible, SlotId.None, pinned], pool.Registers(0, turn, SlotClass.Data, 0));
        }

        Assert.Equal([flexible, SlotId.None, SlotId.None, pinned], pool.Registers(0, 0, SlotClass.Data, None));
    }

    [Fact]
    public void A_disabled_one_takes_no_turn()
    {
        using TestPool pool = new(TestPool.Mixed(1), 1, 1);
        pool.Reserve(All, None, flags: Flexible | SlotFlags.Disabled);
        SlotId on = pool.Reserve(All, None, flags: Flexible);
        Assert.All(Enumerable.Range(0, 4), turn => Assert.Equal([on], pool.Registers(0, (uint)turn, SlotClass.Data, None)));
    }
}
