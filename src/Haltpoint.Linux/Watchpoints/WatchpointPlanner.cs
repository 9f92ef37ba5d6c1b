using System;
using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>Decides what holds hardware breakpoints and watchpoints: debug registers, or something that has no number of them.</summary>
/// <remarks>
/// A watchpoint that is not in registers is held by trapping its pages, a breakpoint by a trap instruction. An access to a trapped page
/// is made at another address, where no register sees it; so watchpoints that share pages are all held the same way, and are decided
/// about together, as a group. Of the groups that fit, those get the registers that
/// <list type="number">
/// <item>cannot be held otherwise; when these do not fit there is no plan;</item>
/// <item>are breakpoints: whoever asks for one in hardware does not want its code changed;</item>
/// <item>cost the most faults outside of registers. One that has registers keeps them until another is more than twice as hot;</item>
/// <item>where that decides nothing, make the largest number, those that have registers before others.</item>
/// </list>
/// The choice is the best there is: the slots are so few that all sums of slots can be tried. Pure.
/// </remarks>
internal static class WatchpointPlanner
{
    // Only the order matters: a breakpoint before any heat, any heat before the number of groups.
    private const long BreakpointWorth = 1L << 56;
    private const long HeatWorth = 1L << 8;
    private const long MostHeat = 1L << 40;
    private const long Worth = 2;
    private const long WorthInPlace = 3;

    /// <summary>Sets where each item is to be.</summary>
    /// <param name="items">All that is inserted in a process.</param>
    /// <param name="slots">Debug registers there are.</param>
    /// <param name="pageSize">A power of two.</param>
    /// <returns>False when what must be in registers does not fit; the items are then as they were.</returns>
    public static bool TryPlan(Span<PlanItem> items, int slots, ulong pageSize)
    {
        int[] groupOf = new int[items.Length];
        int groups = FindGroups(items, groupOf, pageSize);
        int[] costs = new int[groups];
        long[] worths = new long[groups];
        bool[] isChosen = new bool[groups];
        for (int group = 0; group < groups; group++)
        {
            costs[group] = CountSlots(items, groupOf, group, slots);
            worths[group] = WorthOf(items, groupOf, group, out bool mustFit);
            if (mustFit)
            {
                slots -= costs[group];
                isChosen[group] = true;
                if (slots < 0)
                {
                    return false;
                }
            }
        }

        Choose(costs, worths, isChosen, slots);
        for (int i = 0; i < items.Length; i++)
        {
            items[i].IsInRegisters = isChosen[groupOf[i]];
        }

        return true;
    }

    /// <summary>Whether one page holds bytes of both.</summary>
    public static bool SharePage(in PlanItem first, in PlanItem second, ulong pageSize) =>
        first.Address / pageSize <= (second.Address + (ulong)(second.Length - 1)) / pageSize
        && second.Address / pageSize <= (first.Address + (ulong)(first.Length - 1)) / pageSize;

    private static int FindGroups(ReadOnlySpan<PlanItem> items, int[] groupOf, ulong pageSize)
    {
        int[] order = new int[items.Length];
        ulong[] starts = new ulong[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            order[i] = i;
            starts[i] = items[i].Address;
        }

        Array.Sort(starts, order);
        int groups = 0;
        bool hasPages = false;
        ulong lastPage = 0;
        foreach (int index in order)
        {
            PlanItem item = items[index];
            if (item.Kind == BreakpointKind.Hardware)
            {
                continue;
            }

            ulong page = item.Address / pageSize;
            groups += hasPages && page <= lastPage ? 0 : 1;
            groupOf[index] = groups - 1;
            ulong itemLast = (item.Address + (ulong)(item.Length - 1)) / pageSize;
            lastPage = hasPages ? Math.Max(lastPage, itemLast) : itemLast;
            hasPages = true;
        }

        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].Kind == BreakpointKind.Hardware)
            {
                groupOf[i] = groups++;
            }
        }

        return groups;
    }

    // More than there are for a group that can never fit.
    private static int CountSlots(ReadOnlySpan<PlanItem> items, int[] groupOf, int group, int slots)
    {
        HardwareBreakpoints taken = default;
        for (int i = 0; i < items.Length; i++)
        {
            if (groupOf[i] == group && taken.Insert(items[i].Kind, items[i].Address, items[i].Length) != SlotStatus.Ok)
            {
                return Math.Max(slots, HardwareBreakpoints.SlotCount) + 1;
            }
        }

        return HardwareBreakpoints.SlotCount - taken.FreeSlots;
    }

    private static long WorthOf(ReadOnlySpan<PlanItem> items, int[] groupOf, int group, out bool mustFit)
    {
        mustFit = false;
        bool isBreakpoint = false;
        bool isInPlace = true;
        long heat = 0;
        for (int i = 0; i < items.Length; i++)
        {
            if (groupOf[i] == group)
            {
                mustFit |= items[i].NeedsRegisters;
                isBreakpoint |= items[i].Kind == BreakpointKind.Hardware;
                isInPlace &= items[i].IsInRegisters;
                heat = Math.Max(heat, Math.Min(items[i].Heat, MostHeat));
            }
        }

        return (isBreakpoint ? BreakpointWorth : heat * HeatWorth * (isInPlace ? 2 : 1)) + (isInPlace ? WorthInPlace : Worth);
    }

    // best[n] is the largest worth that n slots can hold of the groups looked at so far, chosen[n] which these are.
    private static void Choose(int[] costs, long[] worths, bool[] isChosen, int slots)
    {
        long[] best = new long[slots + 1];
        bool[][] chosen = new bool[slots + 1][];
        Array.Fill(chosen, isChosen);
        for (int group = 0; group < costs.Length; group++)
        {
            for (int room = slots; !isChosen[group] && room >= costs[group]; room--)
            {
                long worth = best[room - costs[group]] + worths[group];
                if (worth > best[room])
                {
                    best[room] = worth;
                    chosen[room] = [.. chosen[room - costs[group]]];
                    chosen[room][group] = true;
                }
            }
        }

        chosen[slots].CopyTo(isChosen, 0);
    }
}
