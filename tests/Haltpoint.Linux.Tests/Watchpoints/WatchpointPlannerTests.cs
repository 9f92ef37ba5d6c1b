using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Watchpoints;
using Xunit;

namespace Haltpoint.Linux.Tests.Watchpoints;

public class WatchpointPlannerTests
{
    private const ulong Page = 4096;
    private const BreakpointKind Code = BreakpointKind.Hardware;
    private const BreakpointKind Write = BreakpointKind.WriteWatch;
    private const BreakpointKind Access = BreakpointKind.AccessWatch;

    // Each item: kind, address, length, heat, then "r" for in registers now, "!" for nowhere else. What is expected: one letter an item.
    [Theory]
    [InlineData("rrrr", "w 1000 8", "w 2000 8", "w 3000 8", "w 4000 8")]
    [InlineData("rrrrp", "w 1000 8", "w 2000 8", "w 3000 8", "w 4000 8", "w 5000 8")]
    [InlineData("rp", "w 1000 24", "w 2000 16")] // nothing else decides: the first
    [InlineData("rprr", "w 1000 8", "w 2000 24", "w 3000 8", "a 4000 8")] // three small rather than one large
    [InlineData("p", "w 1000 100000")]
    [InlineData("prrrr", "w 1000 100000", "w 1a000 8", "w 1b000 8", "w 1c000 8", "w 1d000 8")]
    [InlineData("pp", "w 1000 1000", "w 1fff 1")] // no register sees what is accessed elsewhere
    [InlineData("pppr", "w 1000 9000", "w 4000 8", "a 3ff8 16", "w 5000 8")] // the third joins pages 3 and 4
    [InlineData("rpr", "w 1ff8 16", "w 4000 24", "a 3000 8")] // over two pages, and two slots
    [InlineData("pr", "w 1000 16", "w 3000 24 9")] // heat goes before order
    [InlineData("rr", "w 1000 4", "a 1000 4")] // one slot
    [InlineData("rrrrp", "w 1000 8 1 r", "w 2000 8 1 r", "w 3000 8 1 r", "w 4000 8 1 r", "w 5000 8 2")] // twice as hot is not enough
    [InlineData("prrrr", "w 1000 8 1 r", "w 2000 8 2 r", "w 3000 8 2 r", "w 4000 8 2 r", "w 5000 8 3")]
    [InlineData("rrrrp", "x 1000 1", "x 1001 1", "x 1002 1", "x 1003 1", "w 5000 8 1000000")]
    [InlineData("rrrrpp", "x 1000 1 0 r", "x 1001 1 0 r", "x 1002 1 0 r", "x 1003 1 0 r", "x 1004 1", "w 9000 1")]
    [InlineData("rrrpr", "x 1000 1 0 r", "x 1001 1", "x 1002 1", "x 1003 1", "w 5000 8 0 !")]
    [InlineData("rrp", "w 1000 16 0 !", "w 2000 16 0 r !", "w 3000 8 0 r")]
    [InlineData("rrrrp", "w 1000 8 0 !", "w 1010 8", "w 1020 8", "w 1030 8", "w 2000 8 5")] // the whole page
    public void What_is_small_hot_and_there_already_gets_registers(string expected, params string[] items)
    {
        PlanItem[] parsed = [.. items.Select(Parse)];
        Assert.True(WatchpointPlanner.TryPlan(parsed, HardwareBreakpoints.SlotCount, Page));
        Assert.Equal(expected, string.Concat(parsed.Select(i => i.IsInRegisters ? 'r' : 'p')));
    }

    [Theory]
    [InlineData("w 1000 40 0 !")]
    [InlineData("w 1000 24 0 !", "w 2000 16 0 !")]
    [InlineData("w 1000 8 0 !", "w 1100 100")] // the large one is on the same page
    public void Without_room_for_what_needs_registers_nothing_changes(params string[] items)
    {
        PlanItem[] parsed = [.. items.Select(Parse)];
        PlanItem[] before = [.. parsed];
        Assert.False(WatchpointPlanner.TryPlan(parsed, HardwareBreakpoints.SlotCount, Page));
        Assert.Equal(before, parsed);
    }

    [Fact]
    public void With_fewer_slots_fewer_are_used()
    {
        for (int slots = 0; slots <= HardwareBreakpoints.SlotCount; slots++)
        {
            PlanItem[] items = [.. Enumerable.Range(1, 6).Select(i => new PlanItem { Kind = Write, Address = (ulong)i * Page, Length = 8 })];
            Assert.True(WatchpointPlanner.TryPlan(items, slots, Page));
            Assert.Equal(slots, items.Count(i => i.IsInRegisters));
        }
    }

    [Fact]
    public void Whatever_is_asked_for_the_plan_is_right_and_none_is_better()
    {
        Random random = new(7);
        int plans = 0;
        for (int round = 0; round < 4000; round++)
        {
            PlanItem[] items = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => RandomItem(random)).DistinctBy(i => (i.Kind, i.Address, i.Length))];
            int slots = random.Next(5);
            PlanItem[] planned = [.. items];
            bool isPlanned = WatchpointPlanner.TryPlan(planned, slots, Page);
            BigInteger? best = BestOfAll(items, slots);
            Assert.Equal(best is not null, isPlanned);
            if (isPlanned)
            {
                plans++;
                Assert.Equal(best, Worth(items, planned, slots));
                Assert.True(WatchpointPlanner.TryPlan(planned, slots, Page));
            }
        }

        Assert.InRange(plans, 1000, 3999);
    }

    [Fact]
    public void A_plan_made_again_with_the_same_heat_moves_nothing()
    {
        Random random = new(8);
        for (int round = 0; round < 2000; round++)
        {
            PlanItem[] items = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => RandomItem(random) with { NeedsRegisters = false })];
            Assert.True(WatchpointPlanner.TryPlan(items, 4, Page));
            PlanItem[] again = [.. items];
            Assert.True(WatchpointPlanner.TryPlan(again, 4, Page));
            Assert.Equal(items, again);
        }
    }

    private static PlanItem RandomItem(Random random)
    {
        BreakpointKind kind = random.Next(5) switch { 0 => Code, 1 or 2 => Write, _ => Access };
        int[] lengths = [1, 2, 4, 8, 8, 12, 24, 40, 5000];
        return new PlanItem
        {
            Kind = kind,
            Address = (ulong)((random.Next(1, 7) * 4096) + (random.Next(6) * 4)),
            Length = kind == Code ? 1 : lengths[random.Next(lengths.Length)],
            Heat = random.Next(3) == 0 ? random.Next(20) : 0,
            IsInRegisters = random.Next(3) == 0,
            NeedsRegisters = random.Next(12) == 0,
        };
    }

    /// <summary>The worth of the best of all subsets, or null when none is allowed.</summary>
    private static BigInteger? BestOfAll(PlanItem[] items, int slots)
    {
        BigInteger? best = null;
        for (int set = 0; set < 1 << items.Length; set++)
        {
            PlanItem[] planned = [.. items];
            for (int i = 0; i < items.Length; i++)
            {
                planned[i].IsInRegisters = (set & (1 << i)) != 0;
            }

            if (Worth(items, planned, slots) is { } worth && !(worth <= best))
            {
                best = worth;
            }
        }

        return best;
    }

    /// <summary>What the rules say a plan is worth, group by group; null for one that they forbid.</summary>
    private static BigInteger? Worth(PlanItem[] items, PlanItem[] planned, int slots)
    {
        HardwareBreakpoints registers = default;
        for (int i = 0; i < items.Length; i++)
        {
            if (planned[i].IsInRegisters ? registers.Insert(items[i].Kind, items[i].Address, items[i].Length) != SlotStatus.Ok : items[i].NeedsRegisters)
            {
                return null;
            }
        }

        if (HardwareBreakpoints.SlotCount - registers.FreeSlots > slots)
        {
            return null;
        }

        BigInteger worth = 0;
        foreach (List<int> group in Groups(items))
        {
            if (group.Any(i => planned[i].IsInRegisters != planned[group[0]].IsInRegisters))
            {
                return null;
            }

            if (planned[group[0]].IsInRegisters && !group.Any(i => items[i].NeedsRegisters))
            {
                bool isInPlace = group.All(i => items[i].IsInRegisters);
                BigInteger heat = group.Max(i => items[i].Heat) * (isInPlace ? 2 : 1);
                worth += (items[group[0]].Kind == Code ? BigInteger.One << 100 : heat << 50) + (isInPlace ? 3 : 2);
            }
        }

        return worth;
    }

    private static List<List<int>> Groups(PlanItem[] items)
    {
        List<List<int>> groups = [];
        for (int i = 0; i < items.Length; i++)
        {
            List<int> joined = [i];
            for (int g = groups.Count - 1; g >= 0 && items[i].Kind != Code; g--)
            {
                if (groups[g].Any(j => items[j].Kind != Code && WatchpointPlanner.SharePage(items[i], items[j], Page)))
                {
                    joined.AddRange(groups[g]);
                    groups.RemoveAt(g);
                }
            }

            groups.Add(joined);
        }

        return groups;
    }

    private static PlanItem Parse(string text)
    {
        string[] words = text.Split(' ');
        return new PlanItem
        {
            Kind = words[0] switch { "x" => Code, "w" => Write, _ => Access },
            Address = Convert.ToUInt64(words[1], 16),
            Length = int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture),
            Heat = words.Length > 3 ? long.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture) : 0,
            IsInRegisters = words.Contains("r"),
            NeedsRegisters = words.Contains("!"),
        };
    }
}
