using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Watchpoints;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Carrying out what the planner decides.
public sealed partial class PtraceSession
{
    private const ulong NoAddress = ulong.MaxValue;

    // So many faults on trapped pages are worth a look at who should have the registers; a move costs less than they do.
    private const int FaultsPerPlan = 1024;

    private TraceeProcess? _heated;

    /// <summary>Finds something to hold a watchpoint that is to be inserted.</summary>
    private TargetStatus Hold(TraceeProcess process, Watchpoint watchpoint)
    {
        bool isBesideTrapped = false;
        foreach (Watchpoint other in process.Watchpoints.Span)
        {
            isBesideTrapped |= other.IsTrapped && WatchpointPlanner.SharePage(ItemOf(other), ItemOf(watchpoint), PageSize);
        }

        if (isBesideTrapped)
        {
            return TryTrap(process, watchpoint, out _) ? TargetStatus.Ok : Replan(process);
        }

        return TryInsertInRegisters(process, watchpoint.Kind, watchpoint.Address, watchpoint.Length, out TargetStatus status)
            ? TargetStatus.Ok
            : status == TargetStatus.NoSlot ? Replan(process) : status;
    }

    /// <summary>Moves everything that is inserted to where the planner wants it, with the threads stopped, or nothing.</summary>
    /// <param name="process">Whose.</param>
    /// <param name="breakpoint">A breakpoint that is to come, or <see cref="NoAddress"/>.</param>
    /// <param name="actions">Its actions.</param>
    /// <remarks>
    /// A range is trapped before registers let go of it, and they have it before it is no longer trapped: no access is missed, and
    /// since a trapped page is accessed elsewhere, none is told twice.
    /// </remarks>
    private TargetStatus Replan(TraceeProcess process, ulong breakpoint = NoAddress, BreakpointActions? actions = null)
    {
        if (breakpoint != NoAddress)
        {
            process.HardwareActions[breakpoint] = actions!;
        }

        Stop(process.Space, null);
        _settleHolds++;
        List<Watchpoint> watchpoints = [];
        foreach (Watchpoint watchpoint in process.Watchpoints.Span)
        {
            if (watchpoint.IsInserted && watchpoint.Withdrawn is null)
            {
                watchpoints.Add(watchpoint);
            }
        }

        PlanItem[] items = new PlanItem[watchpoints.Count + process.HardwareActions.Count];
        TargetStatus status = TargetStatus.NoSlot;
        string? pageReason = null;
        int slots = HardwareBreakpoints.SlotCount;
        bool[] needsRegisters = new bool[items.Length];
        while (slots >= 0)
        {
            Fill(items, needsRegisters, process, watchpoints);
            if (!WatchpointPlanner.TryPlan(items, slots, PageSize))
            {
                status = RefuseBoth(process, items, watchpoints, slots, pageReason);
                break;
            }

            status = Carry(process, items, watchpoints, out int untrapped, out string reason);
            if (status == TargetStatus.Ok)
            {
                break;
            }

            if (untrapped >= 0)
            {
                needsRegisters[untrapped] = true;
                pageReason ??= reason;
            }
            else if (status == TargetStatus.NoSlot)
            {
                slots--;
            }
            else
            {
                break;
            }
        }

        if (status != TargetStatus.Ok && breakpoint != NoAddress)
        {
            process.HardwareActions.Remove(breakpoint);
        }

        _settleHolds--;
        Settle();
        return status;
    }

    private static void Fill(PlanItem[] items, bool[] needsRegisters, TraceeProcess process, List<Watchpoint> watchpoints)
    {
        int count = 0;
        foreach (Watchpoint watchpoint in watchpoints)
        {
            items[count++] = ItemOf(watchpoint) with
            {
                IsInRegisters = process.Hardware.Contains(watchpoint.Kind, watchpoint.Address, watchpoint.Length),
            };
        }

        foreach (ulong address in process.HardwareActions.Keys)
        {
            items[count++] = new PlanItem
            {
                Kind = BreakpointKind.Hardware,
                Address = address,
                Length = 1,
                IsInRegisters = process.Hardware.Contains(BreakpointKind.Hardware, address, 1),
            };
        }

        for (int i = 0; i < items.Length; i++)
        {
            items[i].NeedsRegisters = needsRegisters[i];
        }
    }

    private static PlanItem ItemOf(Watchpoint watchpoint) =>
        new() { Kind = watchpoint.Kind, Address = watchpoint.Address, Length = watchpoint.Length, Heat = watchpoint.Heat };

    /// <param name="process">Whose.</param>
    /// <param name="items">Planned; the watchpoints first, in their order.</param>
    /// <param name="watchpoints">Those of the items.</param>
    /// <param name="untrapped">The item that cannot be held outside of registers, or -1.</param>
    /// <param name="reason">Why.</param>
    private TargetStatus Carry(TraceeProcess process, PlanItem[] items, List<Watchpoint> watchpoints, out int untrapped, out string reason)
    {
        List<int> added = [];
        HardwareBreakpoints wanted = default;
        for (untrapped = 0, reason = ""; untrapped < items.Length; untrapped++)
        {
            PlanItem item = items[untrapped];
            if (!item.IsInRegisters)
            {
                if (!TryTakeOut(process, item, untrapped < watchpoints.Count ? watchpoints[untrapped] : null, out bool isNew, out reason))
                {
                    PutBack(process, items, watchpoints, added);
                    return TargetStatus.Refused;
                }

                if (isNew)
                {
                    added.Add(untrapped);
                }
            }
        }

        // What stays keeps its slot: first all that leaves is taken out of a copy.
        wanted = process.Hardware;
        for (int i = wanted.RequestCount - 1; i >= 0; i--)
        {
            HardwareRequest request = wanted.RequestAt(i);
            wanted.Remove(request.Kind, request.Address, request.Length);
        }

        foreach (PlanItem item in items)
        {
            if (item.IsInRegisters)
            {
                wanted.Insert(item.Kind, item.Address, item.Length);
            }
        }

        untrapped = -1;
        TargetStatus status = Program(process, wanted, mustHold: true);
        if (status != TargetStatus.Ok)
        {
            PutBack(process, items, watchpoints, added);
            return status;
        }

        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].IsInRegisters)
            {
                Release(process, items[i], i < watchpoints.Count ? watchpoints[i] : null);
            }
        }

        ReleaseBeside(process, items);
        return TargetStatus.Ok;
    }

    private bool TryTakeOut(TraceeProcess process, in PlanItem item, Watchpoint? watchpoint, out bool isNew, out string reason)
    {
        reason = "";
        if (watchpoint is not null)
        {
            isNew = !watchpoint.IsTrapped;
            return !isNew || TryTrap(process, watchpoint, out reason);
        }

        isNew = !process.Space.HasUser(item.Address, TrapUsers.Hardware);
        if (!isNew || process.Space.Insert(item.Address, process.HardwareActions[item.Address], TrapUsers.Hardware) == TargetStatus.Ok)
        {
            return true;
        }

        reason = $"there can be no trap at 0x{item.Address:x}";
        return false;
    }

    private void PutBack(TraceeProcess process, PlanItem[] items, List<Watchpoint> watchpoints, List<int> added)
    {
        foreach (int index in added)
        {
            Release(process, items[index], index < watchpoints.Count ? watchpoints[index] : null);
        }
    }

    /// <summary>Ends what holds it outside of registers.</summary>
    private void Release(TraceeProcess process, in PlanItem item, Watchpoint? watchpoint)
    {
        if (watchpoint is null)
        {
            process.Space.Remove(item.Address, TrapUsers.Hardware);
        }
        else if (watchpoint.IsTrapped)
        {
            Untrap(watchpoint);
            process.Space.Read(watchpoint.Address, watchpoint.Kept);
        }
    }

    // What the client has taken out and not put back yet must not keep pages trapped on which registers are to see something.
    private void ReleaseBeside(TraceeProcess process, PlanItem[] items)
    {
        foreach (Watchpoint watchpoint in process.Watchpoints.Span)
        {
            foreach (PlanItem item in items)
            {
                if (!watchpoint.IsInserted && watchpoint.IsTrapped && item is { IsInRegisters: true, Kind: not BreakpointKind.Hardware }
                    && WatchpointPlanner.SharePage(item, ItemOf(watchpoint), PageSize))
                {
                    Untrap(watchpoint);
                }
            }
        }
    }

    private bool TryTrap(TraceeProcess process, Watchpoint watchpoint, out string reason)
    {
        AccessKind access = watchpoint.Kind == BreakpointKind.WriteWatch ? AccessKind.Write : AccessKind.ReadWrite;
        TargetStatus status = AddProbe(
            process.Id, watchpoint.Address, (ulong)watchpoint.Length, access, new WatchpointSink(this, process, watchpoint), allowSkips: false, out PageTraps.PageProbe? probe);
        reason = LastError;
        watchpoint.Probe = probe;
        return status == TargetStatus.Ok;
    }

    private void Untrap(Watchpoint watchpoint)
    {
        if (watchpoint.Probe is { } probe)
        {
            RemoveProbe(probe);
            watchpoint.Probe = null;
        }
    }

    private TargetStatus RefuseBoth(TraceeProcess process, PlanItem[] items, List<Watchpoint> watchpoints, int slots, string? pageReason)
    {
        string registers = slots < HardwareBreakpoints.SlotCount && LastError.Length > 0 ? LastError : WatchpointRefusals.Describe(process.Hardware);
        bool couldFit = true;
        for (int i = 0; i < watchpoints.Count; i++)
        {
            // The one that nothing holds yet is the one that was asked for.
            couldFit &= items[i].IsInRegisters || watchpoints[i].IsTrapped
                || default(HardwareBreakpoints).SlotsNeeded(items[i].Kind, items[i].Address, items[i].Length) <= HardwareBreakpoints.SlotCount;
        }

        return Refuse(
            couldFit ? TargetStatus.NoSlot : TargetStatus.Refused,
            pageReason is null ? registers : couldFit ? $"{pageReason}; {registers}" : pageReason);
    }

    /// <summary>The program goes on: what the client has not put back is gone for it.</summary>
    private void ForgetRemoved(TraceeProcess process)
    {
        bool hasRoom = false;
        for (int i = process.Watchpoints.All.Count - 1; i >= 0; i--)
        {
            Watchpoint watchpoint = process.Watchpoints.All[i];
            if (!watchpoint.IsInserted)
            {
                Untrap(watchpoint);
                process.Watchpoints.Remove(watchpoint);
                hasRoom = true;
            }
        }

        if (hasRoom && HasTrapped(process))
        {
            Replan(process);
        }
    }

    private static bool HasTrapped(TraceeProcess process)
    {
        foreach (Watchpoint watchpoint in process.Watchpoints.Span)
        {
            if (watchpoint.IsTrapped)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts a fault on a trapped page for the watchpoints on it.</summary>
    private void OnTrappedFault(TraceeProcess process, ulong address)
    {
        ulong page = address & ~(PageSize - 1);
        PlanItem place = new() { Address = page, Length = (int)PageSize };
        foreach (Watchpoint watchpoint in process.Watchpoints.Span)
        {
            if (watchpoint.IsTrapped && WatchpointPlanner.SharePage(place, ItemOf(watchpoint), PageSize))
            {
                watchpoint.Heat++;
            }
        }

        if (++process.FaultsSincePlan >= FaultsPerPlan)
        {
            _heated = process;
        }
    }

    /// <summary>Gives the registers to those that now cost the most without them. With no status half taken in: threads are stopped for it.</summary>
    private void FollowHeat()
    {
        if (_heated is not { } process)
        {
            return;
        }

        _heated = null;
        process.FaultsSincePlan = 0;
        if (_processes.Contains(process))
        {
            Replan(process);
            foreach (Watchpoint watchpoint in process.Watchpoints.Span)
            {
                watchpoint.Heat /= 2;
            }
        }
    }

    private static ulong PageSize => (ulong)Environment.SystemPageSize;
}
