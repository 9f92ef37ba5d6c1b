using System;
using System.Globalization;
using System.Text;
using Haltpoint.Breakpoints;
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
            if (watchpoint.IsInserted
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
        Judge(tracee, watchpoint, piece.Address, isChanged, old.Slice(start, length), watchpoint.Kept.Slice(start, length));
    }

    /// <summary>Decides whether anybody hears of an access to watched bytes. Allocates nothing where nobody does.</summary>
    private void Judge(Tracee tracee, Watchpoint watchpoint, ulong address, bool isChanged, ReadOnlySpan<byte> old, ReadOnlySpan<byte> now)
    {
        if (watchpoint.Kind == BreakpointKind.WriteWatch && !isChanged && _dropsUnchangedWrites)
        {
            return;
        }

        watchpoint.Hits++;
        WatchpointOrders orders = watchpoint.Orders;
        WatchedAccess access = new(tracee, watchpoint.Hits, old, now);
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
                if (watchpoint.IsInserted)
                {
                    process.Space.Read(watchpoint.Address, watchpoint.Kept);
                }
            }
        }
    }
}
