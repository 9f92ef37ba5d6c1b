using System;
using System.Globalization;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Watchpoints;
using Haltpoint.Stopping;

namespace Haltpoint.Linux.Ptrace;

// Hits of watchpoints: which of them the client is to hear of.
public sealed partial class PtraceSession
{
    private const int LongestValue = sizeof(ulong);

    private bool _dropsUnchangedWrites;

    internal WatchpointNumbers WatchpointNumbers { get; } = new();

    /// <summary>The client drops hits of write watchpoints that left the value as it was: it need not be told of them.</summary>
    internal void SetDropsUnchangedWrites(bool on) => _dropsUnchangedWrites = on;

    private void OnWatchHits(Tracee tracee, int hitSlots)
    {
        TraceeProcess process = tracee.Process;
        foreach (Watchpoint watchpoint in process.Watchpoints.Span)
        {
            if (watchpoint is { IsInserted: true, IsTrapped: false }
                && process.Hardware.TryFindHit(hitSlots, watchpoint.Kind, watchpoint.Address, watchpoint.Length, out WatchPiece piece))
            {
                OnRegisterHit(tracee, watchpoint, piece);
            }
        }
    }

    private void OnRegisterHit(Tracee tracee, Watchpoint watchpoint, WatchPiece piece)
    {
        Span<byte> old = stackalloc byte[Watchpoint.LongestKept];
        watchpoint.Kept.CopyTo(old);
        old = old[..watchpoint.Length];
        tracee.Process.Space.Read(watchpoint.Address, watchpoint.Kept);
        bool isChanged = !old.SequenceEqual(watchpoint.Kept);
        (int start, int length) = watchpoint.Length <= LongestValue
            ? (0, watchpoint.Length)
            : ((int)(piece.Address - watchpoint.Address), piece.Length);

        // A debug register reports behind the instruction; one byte less is inside it.
        ulong instruction = tracee.Registers.ProgramCounter - 1;
        Judge(tracee, watchpoint, piece.Address, instruction, isChanged, old.Slice(start, length), watchpoint.Kept.Slice(start, length));
    }

    /// <summary>Hears of an access to bytes that are held by trapping their pages.</summary>
    internal void OnTrappedAccess(Watchpoint watchpoint, in TrappedAccess access)
    {
        if (!watchpoint.IsInserted || !_tracees.TryGetValue(access.Thread.Thread, out Tracee? tracee))
        {
            return;
        }

        ulong start = Math.Max(access.Address, watchpoint.Address);
        ulong length = Math.Min(access.Address + (ulong)access.Length, watchpoint.Address + (ulong)watchpoint.Length) - start;
        bool hasValues = access.Before.Length == access.Length && access.After.Length == access.Length;
        ReadOnlySpan<byte> before = hasValues ? access.Before.Slice((int)(start - access.Address), (int)length) : [];
        ReadOnlySpan<byte> after = hasValues ? access.After.Slice((int)(start - access.Address), (int)length) : [];
        bool isChanged = (access.Kind & AccessKind.Write) != 0 && (!hasValues || !before.SequenceEqual(after));
        if (hasValues && length < (ulong)watchpoint.Length && watchpoint.Length <= LongestValue)
        {
            // A part of a value was accessed: the condition is about all of it.
            Span<byte> now = stackalloc byte[LongestValue];
            Span<byte> old = stackalloc byte[LongestValue];
            now = now[..watchpoint.Length];
            old = old[..watchpoint.Length];
            tracee.Process.Space.Read(watchpoint.Address, now);
            after.CopyTo(now[(int)(start - watchpoint.Address)..]);
            now.CopyTo(old);
            before.CopyTo(old[(int)(start - watchpoint.Address)..]);
            Judge(tracee, watchpoint, start, access.InstructionPointer, isChanged, old, now);
            return;
        }

        Judge(tracee, watchpoint, start, access.InstructionPointer, isChanged, before, after);
    }

    /// <summary>The memory of a watchpoint is gone, or cannot be trapped any more.</summary>
    internal void OnWithdrawn(TraceeProcess process, Watchpoint watchpoint, string reason)
    {
        watchpoint.Probe = null;
        if (watchpoint.IsInserted)
        {
            watchpoint.Withdrawn = reason;
            Server.Console?.Print($"Watchpoint {watchpoint.Number} of process {process.Id} watches no more: {reason}");
        }
    }

    /// <summary>Decides whether anybody hears of an access to watched bytes. Allocates nothing where nobody does.</summary>
    private void Judge(
        Tracee tracee, Watchpoint watchpoint, ulong address, ulong instruction, bool isChanged, ReadOnlySpan<byte> old, ReadOnlySpan<byte> now)
    {
        if (watchpoint.Kind == BreakpointKind.WriteWatch && !isChanged && _dropsUnchangedWrites)
        {
            return;
        }

        watchpoint.Hits++;
        WatchpointOrders orders = watchpoint.Orders;
        WatchedAccess access = new(tracee, watchpoint.Hits, instruction, old, now);
        if (orders.Condition is { } condition && !condition.IsTrue(access))
        {
            return;
        }

        if (orders.Ignored > 0)
        {
            orders.Ignored--;
            return;
        }

        if (orders.IsLogged)
        {
            Server.Console?.Print(Describe(watchpoint, access));
            return;
        }

        watchpoint.Told++;
        tracee.ReportAccess(
            watchpoint, address, watchpoint.Kind == BreakpointKind.WriteWatch ? StopReason.WriteWatchpoint : StopReason.AccessWatchpoint);
    }

    private static string Describe(Watchpoint watchpoint, in WatchedAccess access)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Watchpoint {watchpoint.Number} at 0x{watchpoint.Address:x}");
        if (access.TryGetOldValue(out ulong old) && access.TryGetValue(out ulong now))
        {
            text.Append(CultureInfo.InvariantCulture, $": {old} -> {now}");
        }

        Symbols.CodeFrame place = access.Location;
        text.Append(CultureInfo.InvariantCulture, $", thread {access.Thread} \"{access.ThreadName}\", {place.Name}");
        return place.Position is { } position ? text.Append(" at ").Append(position).ToString() : text.ToString();
    }

    /// <summary>From here on a value counts as changed that differs from what the client could see while everything was stopped.</summary>
    private void KeepValues()
    {
        foreach (TraceeProcess process in _processes)
        {
            foreach (Watchpoint watchpoint in process.Watchpoints.Span)
            {
                if (watchpoint is { IsInserted: true, IsTrapped: false })
                {
                    process.Space.Read(watchpoint.Address, watchpoint.Kept);
                }
            }
        }
    }
}
