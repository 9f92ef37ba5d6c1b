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
        int index = _watchpoints.FindIndex(w => w.Is(kind, address, length));
        if (index >= 0 && _watchpoints[index].Number == number)
        {
            return _watchpoints[index];
        }

        numbers.Take(number);
        int holder = _watchpoints.FindIndex(w => w.Number == number);
        if (holder >= 0)
        {
            // gdb counts on: whoever had the number is not gdb's.
            _watchpoints[holder] = _watchpoints[holder].Renumber(numbers.Next(), new WatchpointOrders());
        }

        if (index < 0)
        {
            return Add(number, kind, address, length);
        }

        _watchpoints[index] = _watchpoints[index].Renumber(number, numbers.OrdersFor(number));
        return _watchpoints[index];
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

    /// <summary>The program goes on: what the client has not put back is gone for it, and so are its orders, which would silence another in its place.</summary>
    public void DropRemoved()
    {
        for (int i = _watchpoints.Count - 1; i >= 0; i--)
        {
            if (!_watchpoints[i].IsInserted)
            {
                numbers.Forget(_watchpoints[i].Number);
                _watchpoints.RemoveAt(i);
            }
        }
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
