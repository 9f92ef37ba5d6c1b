using System;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>What a debugger that stopped the world holds of the pool that everybody shares.</summary>
/// <remarks>
/// Of the master alone, while the world is stopped. No call waits: the lock of the pool may be held by one of the stopped, and then the
/// answer is <see cref="SlotStatus.Busy"/> (B-8, B-11, B-12). A request gets all of its slots, on every CPU that there can ever be or on
/// those of a mask, or none; what it took is given back to the last slot when it is refused (B-6, B-19).
/// Nothing here touches a register: <see cref="SlotPool.Layout"/> says what a CPU's registers should hold on the way out.
/// </remarks>
public readonly unsafe struct DebuggerSlots
{
    private const int LargestPiece = 8;

    private readonly SlotPool _pool;
    private readonly DebuggerBreakpoint* _entries;
    private readonly int _capacity;

    /// <param name="pool">Shared with everybody else.</param>
    /// <param name="entries">Zeroed, and fixed in place.</param>
    /// <param name="capacity">How many requests can be held at one time.</param>
    public DebuggerSlots(SlotPool pool, DebuggerBreakpoint* entries, int capacity)
    {
        _pool = pool;
        _entries = entries;
        _capacity = capacity;
    }

    public int Count
    {
        get
        {
            int count = 0;
            for (int index = 0; index < _capacity; index++)
            {
                count += _entries[index].IsUsed ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Takes the slots of a request; what is inserted already counts once.</summary>
    /// <param name="kind">Hardware, write watch or access watch.</param>
    /// <param name="address">First byte.</param>
    /// <param name="length">Bytes watched; 1 for a breakpoint.</param>
    /// <param name="cpus">The CPUs it is for, those that come online later included; empty for every one.</param>
    public SlotStatus Insert(BreakpointKind kind, ulong address, int length, ReadOnlySpan<ulong> cpus)
    {
        AccessKind access = kind switch
        {
            BreakpointKind.Hardware => AccessKind.Execute,
            BreakpointKind.WriteWatch => AccessKind.Write,
            BreakpointKind.AccessWatch => AccessKind.ReadWrite,
            _ => AccessKind.None,
        };
        if (access == AccessKind.None)
        {
            return SlotStatus.BadAccess;
        }

        if (length <= 0 || (access == AccessKind.Execute && length != 1))
        {
            return SlotStatus.BadLength;
        }

        if (!WatchRange.IsValid(address, (ulong)length))
        {
            return SlotStatus.BadAddress;
        }

        if (Find(kind, address, length) >= 0)
        {
            return SlotStatus.Ok;
        }

        int index = FindFree();
        return index < 0 ? SlotStatus.Full : Take(ref _entries[index], kind, access, address, length, cpus);
    }

    /// <summary>Gives the slots of a request back.</summary>
    /// <returns><see cref="SlotStatus.Busy"/> when some could not be given back: they are still held, and removing again goes on with them (not B-20).</returns>
    public SlotStatus Remove(BreakpointKind kind, ulong address, int length)
    {
        int index = Find(kind, address, length);
        return index < 0 ? SlotStatus.NotFound : GiveBack(ref _entries[index]);
    }

    /// <summary>Gives everything back.</summary>
    public SlotStatus RemoveAll()
    {
        SlotStatus all = SlotStatus.Ok;
        for (int index = 0; index < _capacity; index++)
        {
            SlotStatus status = _entries[index].IsUsed ? GiveBack(ref _entries[index]) : SlotStatus.Ok;
            all = status == SlotStatus.Ok ? all : status;
        }

        return all;
    }

    /// <summary>Whose slot fired.</summary>
    /// <returns>False when it is not the debugger's.</returns>
    public bool TryFind(SlotId id, out DebuggerBreakpoint breakpoint)
    {
        for (int index = 0; index < _capacity; index++)
        {
            breakpoint = _entries[index];
            for (int piece = 0; breakpoint.IsUsed && piece < breakpoint.PieceCount; piece++)
            {
                if (breakpoint.Held[piece].Is(id))
                {
                    return true;
                }
            }
        }

        breakpoint = default;
        return false;
    }

    /// <summary>How many more breakpoints of one slot each a CPU could hold (B-33).</summary>
    public SlotStatus CountFree(int cpu, out int free) => _pool.CountFree(
        new SlotRequest { Access = AccessKind.Write, Cpu = cpu, Task = SlotRequest.NoTask }, default, SlotWait.Never, out free);

    private SlotStatus Take(
        ref DebuggerBreakpoint entry, BreakpointKind kind, AccessKind access, ulong address, int length, ReadOnlySpan<ulong> cpus)
    {
        entry = new DebuggerBreakpoint { Kind = kind, Address = address, Length = length };
        WatchRange range = new(address, (ulong)length, LargestPiece);
        while (range.TryTake(out WatchPiece piece))
        {
            SlotRequest request = new()
            {
                Address = piece.Address,
                Length = access == AccessKind.Execute ? (ulong)sizeof(ulong) : (ulong)piece.Length,
                Access = access,
                Flags = SlotFlags.Privileged,
                Cpu = cpus.IsEmpty ? SlotRequest.EveryCpu : SlotRequest.CpuMask,
                Task = SlotRequest.NoTask,
            };
            SlotId id = SlotId.None;
            SlotStatus status = entry.PieceCount == DebuggerBreakpoint.MaxPieces
                ? SlotStatus.Exhausted
                : _pool.Reserve(request, cpus, SlotWait.Never, out id);
            if (status != SlotStatus.Ok)
            {
                // If that is refused as well, the rest stays on record as a request that can be removed.
                entry.IsUsed = true;
                GiveBack(ref entry);
                return status;
            }

            entry.Held[entry.PieceCount++] = id;
        }

        entry.IsUsed = true;
        return SlotStatus.Ok;
    }

    private SlotStatus GiveBack(ref DebuggerBreakpoint entry)
    {
        while (entry.PieceCount > 0)
        {
            if (_pool.Release(entry.Held[entry.PieceCount - 1], SlotWait.Never) == SlotStatus.Busy)
            {
                return SlotStatus.Busy;
            }

            entry.PieceCount--;
        }

        entry.IsUsed = false;
        return SlotStatus.Ok;
    }

    private int Find(BreakpointKind kind, ulong address, int length)
    {
        for (int index = 0; index < _capacity; index++)
        {
            DebuggerBreakpoint entry = _entries[index];
            if (entry.IsUsed && entry.Kind == kind && entry.Address == address && entry.Length == length)
            {
                return index;
            }
        }

        return -1;
    }

    private int FindFree()
    {
        for (int index = 0; index < _capacity; index++)
        {
            if (!_entries[index].IsUsed)
            {
                return index;
            }
        }

        return -1;
    }
}
