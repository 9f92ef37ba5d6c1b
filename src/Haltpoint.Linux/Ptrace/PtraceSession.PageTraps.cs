using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Symbols;
using Haltpoint.PageTraps;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Watching memory by taking its pages away.
public sealed partial class PtraceSession
{
    /// <summary>Tells a sink of every access to a range of a process's memory from now on.</summary>
    /// <param name="process">A process of this session; its threads may run or be stopped.</param>
    /// <param name="start">First byte. Any alignment; ranges may overlap those of other probes.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="access">Read, write or both.</param>
    /// <param name="sink">Called on this thread while the process runs.</param>
    /// <param name="allowSkips">Whether pages that cannot be trapped are left out (<see cref="PageProbe.Skipped"/>) or make the whole request fail.</param>
    /// <param name="probe">What to remove it by; null when refused.</param>
    /// <returns>Anything but Ok leaves the process as it was, with the reason in <see cref="LastError"/>.</returns>
    /// <remarks>
    /// Every thread of the process is stopped for a moment. Threads that start later are covered, forked children are not. Debug
    /// registers and perf events see nothing of a page that is trapped, because it is accessed elsewhere.
    /// </remarks>
    public TargetStatus AddProbe(
        int process, ulong start, ulong length, AccessKind access, IAccessSink sink, bool allowSkips, out PageProbe? probe)
    {
        AssertThread();
        ArgumentNullException.ThrowIfNull(sink);
        LastError = "";
        probe = null;
        if (FindProcess(process) is not { } traced)
        {
            return Refuse(TargetStatus.NoSuchProcess, $"process {process} is not traced");
        }

        Stop(traced.Space, null);
        TargetStatus status = Add(traced, start, length, access, sink, allowSkips, out probe);
        Settle();
        return status;
    }

    /// <summary>Ends a probe; its sink is not called again. Pages that no other probe needs are back where they were.</summary>
    public TargetStatus RemoveProbe(PageProbe probe)
    {
        AssertThread();
        ArgumentNullException.ThrowIfNull(probe);
        if (!probe.IsActive || FindProcess(probe.Process) is not { Space.PageTraps: { } traps } process)
        {
            return TargetStatus.NotFound;
        }

        Stop(process.Space, null);
        if (probe.IsActive)
        {
            Forget(traps, probe);
            DisarmUnneeded(process.Space);
        }

        Settle();
        return TargetStatus.Ok;
    }

    private TargetStatus Add(
        TraceeProcess process, ulong start, ulong length, AccessKind access, IAccessSink sink, bool allowSkips, out PageProbe? probe)
    {
        probe = null;
        if (!TryPrepare(process, out TrappedSpace? traps, out Tracee? caller))
        {
            return TargetStatus.Refused;
        }

        PageTrapStatus added = traps.Table.AddProbe(start, length, access, out int id);
        if (added != PageTrapStatus.Ok)
        {
            return added == PageTrapStatus.Full ? TargetStatus.NoMemory : TargetStatus.BadArgument;
        }

        PageProbe made = new(process.Id, start, start + length, access, sink) { Id = id, AllowsSkips = allowSkips };
        traps.Probes.Add(id, made);
        List<SkippedPages> skipped = [];
        if (!TryArmMissing(process, caller, start, start + length, skipped) || (skipped.Count > 0 && !allowSkips))
        {
            string reason = skipped.Count > 0 ? skipped[0].Reason : "the process has just ended";
            Forget(traps, made);
            DisarmUnneeded(process.Space);
            return Refuse(TargetStatus.Refused, reason);
        }

        if (!allowSkips || traps.Table.TryFindRun(start, length, out _))
        {
            made.Skipped = skipped;
            probe = made;
            return TargetStatus.Ok;
        }

        Forget(traps, made);
        DisarmUnneeded(process.Space);
        return Refuse(TargetStatus.Refused, skipped[0].Reason);
    }

    private static void Forget(TrappedSpace traps, PageProbe probe)
    {
        traps.Table.RemoveProbe(probe.Id);
        traps.Probes.Remove(probe.Id);
        probe.IsActive = false;
    }

    /// <summary>Arms what probes need from start to end and is not armed; what cannot be is added to <paramref name="skipped"/>.</summary>
    /// <returns>False when the process is gone.</returns>
    private bool TryArmMissing(TraceeProcess process, Tracee caller, ulong start, ulong end, List<SkippedPages> skipped)
    {
        TrappedSpace traps = process.Space.PageTraps!;
        if (!traps.Table.TryFindMissing(start, out ulong from, out ulong to) || from >= end)
        {
            return true;
        }

        MemoryMap map = MemoryMap.Read(process.Id);
        List<(ulong Start, ulong End, int Thread)> kept = CollectThreadWords(process.Space);
        for (ulong next = start; traps.Table.TryFindMissing(next, out from, out to) && from < end; next = to)
        {
            to = Math.Min(to, PageAfter(end - 1));
            while (from < to)
            {
                ulong stop = PieceAt(map, kept, from, to, out string? refusal);
                if (refusal is null && !TryArm(caller, map, from, stop, out refusal))
                {
                    if (caller.State != TraceeState.Stopped)
                    {
                        return false;
                    }
                }

                if (refusal is not null)
                {
                    skipped.Add(new SkippedPages(from, stop, refusal));
                }

                from = stop;
            }
        }

        return true;
    }

    private static ulong PageOf(ulong address) => address & ~((ulong)Environment.SystemPageSize - 1);

    private static ulong PageAfter(ulong address) => PageOf(address) + (ulong)Environment.SystemPageSize;

    // The longest stretch of pages from there on that is one mapping, or none, and can be trapped as a whole, or not at all.
    private static ulong PieceAt(
        MemoryMap map, List<(ulong Start, ulong End, int Thread)> kept, ulong from, ulong limit, out string? refusal)
    {
        ulong to = limit;
        if (!map.TryFind(from, out Mapping mapping))
        {
            if (mapping.Start > from && mapping.Start < to)
            {
                to = mapping.Start;
            }

            refusal = PageRefusal.Unmapped(from, to);
            return to;
        }

        to = Math.Min(to, mapping.End);
        refusal = PageRefusal.Explain(mapping);
        if (refusal is null && map.IsEndOfStack(from))
        {
            refusal = PageRefusal.EndOfStack(from);
            to = PageAfter(from);
        }

        foreach ((ulong start, ulong end, int thread) in kept)
        {
            ulong first = PageOf(start);
            ulong last = PageAfter(end - 1);
            if (first <= from && last > from)
            {
                to = Math.Min(to, last);
                refusal ??= PageRefusal.ThreadData(thread, from);
            }
            else if (first > from && first < to)
            {
                to = first;
            }
        }

        return to;
    }

    private List<(ulong Start, ulong End, int Thread)> CollectThreadWords(AddressSpace space)
    {
        List<(ulong Start, ulong End, int Thread)> kept = [];
        foreach (SkippedPages pages in space.PageTraps!.Kept)
        {
            kept.Add((pages.Start, pages.End, 0));
        }

        foreach (Tracee tracee in _tracees.Values)
        {
            if (tracee.Process.Space == space)
            {
                ThreadWords.Collect(tracee, kept);
            }
        }

        return kept;
    }
}
