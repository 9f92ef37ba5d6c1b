using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>The watchpoints of one process, those between a removal and the next resume included.</summary>
internal sealed class WatchpointTable(WatchpointNumbers numbers)
{
    private readonly List<Watchpoint> _watchpoints = [];

    public IReadOnlyList<Watchpoint> All => _watchpoints;

    public ReadOnlySpan<Watchpoint> Span => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_watchpoints);

    public Watchpoint? Find(BreakpointKind kind, ulong address, int length)
    {
        foreach (Watchpoint watchpoint in _watchpoints)
        {
            if (watchpoint.Is(kind, address, length))
            {
                return watchpoint;
            }
        }

        return null;
    }

    public Watchpoint FindOrAdd(BreakpointKind kind, ulong address, int length) =>
        Find(kind, address, length) ?? Add(numbers.Next(), kind, address, length);

    /// <summary>Gives a watchpoint its number, whether it is there already or is still to be inserted.</summary>
    public Watchpoint Name(int number, BreakpointKind kind, ulong address, int length)
    {
        Watchpoint? named = Find(kind, address, length);
        if (named?.Number == number)
        {
            return named;
        }

        numbers.Take(number);

        // gdb counts on: whoever had the number is not gdb's.
        _watchpoints.Find(w => w.Number == number)?.Renumber(numbers.Next(), new WatchpointOrders());
        if (named is null)
        {
            return Add(number, kind, address, length);
        }

        named.Renumber(number, numbers.OrdersFor(number));
        return named;
    }

    /// <summary>Whether an address is inside a watchpoint that the client has inserted.</summary>
    public bool IsWatched(ulong address)
    {
        foreach (Watchpoint watchpoint in _watchpoints)
        {
            if (watchpoint.IsInserted && watchpoint.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets a watchpoint, and what was ordered for it, which would silence another in its place.</summary>
    public void Remove(Watchpoint watchpoint)
    {
        numbers.Forget(watchpoint.Number);
        _watchpoints.Remove(watchpoint);
    }

    public void Clear() => _watchpoints.Clear();

    /// <summary>For a forked process.</summary>
    public void CopyFrom(WatchpointTable parent)
    {
        foreach (Watchpoint watchpoint in parent._watchpoints)
        {
            _watchpoints.Add(watchpoint.Copy());
        }
    }

    private Watchpoint Add(int number, BreakpointKind kind, ulong address, int length)
    {
        Watchpoint added = new(number, kind, address, length, numbers.OrdersFor(number));
        _watchpoints.Add(added);
        return added;
    }
}
