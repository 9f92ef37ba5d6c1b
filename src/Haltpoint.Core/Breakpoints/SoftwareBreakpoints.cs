using System;

namespace Haltpoint.Breakpoints;

/// <summary>The traps of one address space: which are wanted, which are in memory, and what they cover.</summary>
/// <remarks>
/// Rules:
/// <list type="number">
/// <item>Entries are sorted by address and none overlaps another; a multi-byte trap owns all of its bytes.</item>
/// <item>An entry stays <see cref="TrapState.Planted"/> until the memory was seen or made to be without the trap. A failed
/// removal keeps the entry: forgetting it would leave the trap behind for good (D-38 does).</item>
/// <item>Memory that no longer holds the trap belongs to the program, which wrote new code there: it is never written back.</item>
/// <item>A removed entry is remembered until <see cref="ForgetRemoved"/>, because a thread may have run into the trap and be
/// found only later, with its program counter behind a trap that nobody knows (D-15). It is the first to go when room is short.</item>
/// </list>
/// Not thread-safe: the one thread that serves the target calls it. Other threads of the target may run; each change is one write
/// of one trap.
/// </remarks>
public unsafe struct SoftwareBreakpoints
{
    private readonly SoftwareBreakpoint* _entries;
    private readonly int _capacity;
    private int _count;

    /// <param name="entries">Memory for the table, fixed in place for as long as the table lives.</param>
    /// <param name="capacity">How many entries it holds.</param>
    public SoftwareBreakpoints(SoftwareBreakpoint* entries, int capacity)
    {
        _entries = entries;
        _capacity = capacity;
    }

    /// <summary>The same entries in other memory, for a process that got a copy of the address space.</summary>
    /// <param name="entries">Memory for the new table.</param>
    /// <param name="capacity">No smaller than this table's.</param>
    public readonly SoftwareBreakpoints CopyTo(SoftwareBreakpoint* entries, int capacity)
    {
        for (int i = 0; i < _count; i++)
        {
            entries[i] = _entries[i];
        }

        return new SoftwareBreakpoints(entries, capacity) { _count = _count };
    }

    /// <summary>Entries, the removed ones included.</summary>
    public readonly int Count => _count;

    public readonly SoftwareBreakpoint this[int index] => _entries[index];

    public readonly TrapState StateAt(ulong address)
    {
        int index = LowerBound(address);
        return IsAt(index, address) ? _entries[index].State : TrapState.None;
    }

    /// <summary>Plants a trap, or counts one that is there.</summary>
    public TrapStatus Insert<TMemory>(ref TMemory memory, ulong address, TrapInstruction trap)
        where TMemory : struct, ITrapMemory => Insert(ref memory, address, trap, TrapState.Planted);

    /// <summary>The same without the trap in memory, until <see cref="Plant{TMemory}"/>: for those whose other CPUs may execute the address meanwhile.</summary>
    /// <returns>Bad address also when it could not be planted later.</returns>
    public TrapStatus InsertLifted<TMemory>(ref TMemory memory, ulong address, TrapInstruction trap)
        where TMemory : struct, ITrapMemory => Insert(ref memory, address, trap, TrapState.Lifted);

    private TrapStatus Insert<TMemory>(ref TMemory memory, ulong address, TrapInstruction trap, TrapState state)
        where TMemory : struct, ITrapMemory
    {
        int index = LowerBound(address);
        if (IsAt(index, address) && _entries[index].State != TrapState.Removed)
        {
            if (_entries[index].Trap.Length != trap.Length)
            {
                return TrapStatus.Overlaps;
            }

            _entries[index].Count++;
            return TrapStatus.Ok;
        }

        if (IsAt(index, address) && _entries[index].Trap.Length == trap.Length)
        {
            SoftwareBreakpoint again = new() { Address = address, Trap = trap, Count = 1 };
            if (!TryPlant(ref memory, ref again, state))
            {
                return TrapStatus.BadAddress;
            }

            _entries[index] = again;
            return TrapStatus.Ok;
        }

        if (!TryClear(address, trap.Length))
        {
            return TrapStatus.Overlaps;
        }

        if (!TryMakeRoom())
        {
            return TrapStatus.Full;
        }

        SoftwareBreakpoint entry = new() { Address = address, Trap = trap, Count = 1 };
        if (!TryPlant(ref memory, ref entry, state))
        {
            return TrapStatus.BadAddress;
        }

        Open(LowerBound(address), entry);
        return TrapStatus.Ok;
    }

    /// <summary>Takes over a trap that another table planted.</summary>
    /// <param name="address">Where. No trap of this table may be there.</param>
    /// <param name="trap">What was planted.</param>
    /// <param name="covered">What was there before, the first byte in the low byte.</param>
    /// <returns>False when the table is full.</returns>
    public bool Adopt(ulong address, TrapInstruction trap, uint covered)
    {
        if (_count == _capacity)
        {
            return false;
        }

        Open(LowerBound(address), new SoftwareBreakpoint { Address = address, Trap = trap, Covered = covered, Count = 1, State = TrapState.Planted });
        return true;
    }

    /// <summary>Takes back one <see cref="Insert{TMemory}(ref TMemory, ulong, TrapInstruction)"/>; the trap leaves memory with the last.</summary>
    /// <returns>
    /// Bad address when the trap could not be taken out, and stays in the table; and when its memory was unmapped, which took it along:
    /// nothing is left to remove, but clients count on being told that what they planted was lost.
    /// </returns>
    public readonly TrapStatus Remove<TMemory>(ref TMemory memory, ulong address)
        where TMemory : struct, ITrapMemory
    {
        int index = LowerBound(address);
        if (!IsAt(index, address) || _entries[index].State == TrapState.Removed)
        {
            return TrapStatus.NotFound;
        }

        if (_entries[index].Count > 1)
        {
            _entries[index].Count--;
            return TrapStatus.Ok;
        }

        bool isMapped = IsMapped(ref memory, _entries[index]);
        return TryRemove(ref memory, ref _entries[index]) && isMapped ? TrapStatus.Ok : TrapStatus.BadAddress;
    }

    /// <summary>Removes every trap, however often it was inserted.</summary>
    /// <returns>How many could not be taken out of memory; those are still in the table.</returns>
    public readonly int RemoveAll<TMemory>(ref TMemory memory)
        where TMemory : struct, ITrapMemory
    {
        int left = 0;
        for (int index = 0; index < _count; index++)
        {
            if (_entries[index].State != TrapState.Removed)
            {
                left += TryRemove(ref memory, ref _entries[index]) ? 0 : 1;
            }
        }

        return left;
    }

    /// <summary>Takes a trap out of memory so that a thread can execute what it covers. Every other thread must be held meanwhile.</summary>
    public readonly TrapStatus Lift<TMemory>(ref TMemory memory, ulong address)
        where TMemory : struct, ITrapMemory
    {
        int index = LowerBound(address);
        if (!IsAt(index, address) || _entries[index].State != TrapState.Planted)
        {
            return TrapStatus.NotFound;
        }

        if (!TryUnplant(ref memory, _entries[index]))
        {
            return TrapStatus.BadAddress;
        }

        _entries[index].State = TrapState.Lifted;
        return TrapStatus.Ok;
    }

    /// <summary>Puts a lifted trap back, over whatever the memory holds now.</summary>
    public readonly TrapStatus Plant<TMemory>(ref TMemory memory, ulong address)
        where TMemory : struct, ITrapMemory
    {
        int index = LowerBound(address);
        if (!IsAt(index, address) || _entries[index].State != TrapState.Lifted)
        {
            return TrapStatus.NotFound;
        }

        return TryPlant(ref memory, ref _entries[index], TrapState.Planted) ? TrapStatus.Ok : TrapStatus.BadAddress;
    }

    /// <summary>Cleans a copy of the address space, as a forked child has; the table goes on describing the original.</summary>
    /// <returns>How many traps could not be taken out of the copy.</returns>
    public readonly int EraseFrom<TMemory>(ref TMemory copy)
        where TMemory : struct, ITrapMemory
    {
        int left = 0;
        for (int index = 0; index < _count; index++)
        {
            if (_entries[index].State == TrapState.Planted)
            {
                left += TryUnplant(ref copy, _entries[index]) ? 0 : 1;
            }
        }

        return left;
    }

    /// <summary>Drops what lies in memory that no longer exists, without touching memory.</summary>
    public void Forget(ulong address, ulong length)
    {
        int kept = 0;
        for (int index = 0; index < _count; index++)
        {
            if (_entries[index].Address - address >= length)
            {
                _entries[kept++] = _entries[index];
            }
        }

        _count = kept;
    }

    /// <summary>Drops everything without touching memory: the program became another, or is gone.</summary>
    public void Clear() => _count = 0;

    /// <summary>Call it when no thread can be between a trap and its report: every thread is stopped and its stop was looked at.</summary>
    public void ForgetRemoved()
    {
        int kept = 0;
        for (int index = 0; index < _count; index++)
        {
            if (_entries[index].State != TrapState.Removed)
            {
                _entries[kept++] = _entries[index];
            }
        }

        _count = kept;
    }

    /// <summary>Puts what the traps cover into bytes read from memory, so that a debugger sees the program and not us.</summary>
    public readonly void Uncover(ulong address, Span<byte> bytes)
    {
        for (int index = FirstOverlap(address); index < _count; index++)
        {
            SoftwareBreakpoint entry = _entries[index];
            int length = entry.Overlap(address, bytes.Length, out int at, out int from);
            if (length == 0)
            {
                return;
            }

            Span<byte> part = bytes.Slice(at, length);
            if (entry.State == TrapState.Planted && PackedBytes.AreAt(part, entry.Trap.Bytes, from))
            {
                PackedBytes.CopyTo(entry.Covered, from, part);
            }
        }
    }

    /// <summary>Writes for the debugger: around the traps into memory, under them into what they cover. No trap is out of memory meanwhile.</summary>
    /// <returns>Bad address when part of the memory refused; what came before that part is written.</returns>
    public readonly TrapStatus Write<TMemory>(ref TMemory memory, ulong address, ReadOnlySpan<byte> bytes)
        where TMemory : struct, ITrapMemory
    {
        int done = 0;
        for (int index = FirstOverlap(address); index < _count; index++)
        {
            int length = _entries[index].Overlap(address, bytes.Length, out int at, out int from);
            if (length == 0)
            {
                break;
            }

            if (_entries[index].State != TrapState.Planted || !IsInMemory(ref memory, _entries[index]))
            {
                continue;
            }

            if (at > done && !memory.TryWrite(address + (ulong)done, bytes[done..at]))
            {
                return TrapStatus.BadAddress;
            }

            PackedBytes.Set(ref _entries[index].Covered, from, bytes.Slice(at, length));
            done = at + length;
        }

        return done == bytes.Length || memory.TryWrite(address + (ulong)done, bytes[done..]) ? TrapStatus.Ok : TrapStatus.BadAddress;
    }

    // Lifted, what is there is written over itself: that tells whether it can be.
    private static bool TryPlant<TMemory>(ref TMemory memory, ref SoftwareBreakpoint entry, TrapState state)
        where TMemory : struct, ITrapMemory
    {
        Span<byte> covered = stackalloc byte[TrapInstruction.MaxLength];
        Span<byte> trap = stackalloc byte[TrapInstruction.MaxLength];
        covered = covered[..entry.Trap.Length];
        trap = trap[..entry.Trap.Length];
        PackedBytes.CopyTo(entry.Trap.Bytes, 0, trap);
        if (!memory.TryRead(entry.Address, covered) || !memory.TryWrite(entry.Address, state == TrapState.Planted ? trap : covered))
        {
            return false;
        }

        PackedBytes.Set(ref entry.Covered, 0, covered);
        entry.State = state;
        return true;
    }

    private static bool TryRemove<TMemory>(ref TMemory memory, ref SoftwareBreakpoint entry)
        where TMemory : struct, ITrapMemory
    {
        if (entry.State == TrapState.Planted && !TryUnplant(ref memory, entry))
        {
            return false;
        }

        entry.State = TrapState.Removed;
        entry.Count = 0;
        return true;
    }

    // False only when the trap is still there: memory that is unmapped or was written by the program holds none.
    private static bool TryUnplant<TMemory>(ref TMemory memory, in SoftwareBreakpoint entry)
        where TMemory : struct, ITrapMemory
    {
        Span<byte> bytes = stackalloc byte[TrapInstruction.MaxLength];
        bytes = bytes[..entry.Trap.Length];
        bool isReadable = memory.TryRead(entry.Address, bytes);
        if (isReadable && !PackedBytes.AreAt(bytes, entry.Trap.Bytes, 0))
        {
            return true;
        }

        PackedBytes.CopyTo(entry.Covered, 0, bytes);
        return memory.TryWrite(entry.Address, bytes) || !isReadable;
    }

    private static bool IsMapped<TMemory>(ref TMemory memory, in SoftwareBreakpoint entry)
        where TMemory : struct, ITrapMemory
    {
        Span<byte> bytes = stackalloc byte[TrapInstruction.MaxLength];
        return memory.TryRead(entry.Address, bytes[..entry.Trap.Length]);
    }

    private static bool IsInMemory<TMemory>(ref TMemory memory, in SoftwareBreakpoint entry)
        where TMemory : struct, ITrapMemory
    {
        Span<byte> bytes = stackalloc byte[TrapInstruction.MaxLength];
        bytes = bytes[..entry.Trap.Length];
        return memory.TryRead(entry.Address, bytes) && PackedBytes.AreAt(bytes, entry.Trap.Bytes, 0);
    }

    private readonly bool IsAt(int index, ulong address) => index < _count && _entries[index].Address == address;

    private readonly int LowerBound(ulong address)
    {
        int start = 0;
        int end = _count;
        while (start < end)
        {
            int middle = (start + end) >>> 1;
            if (_entries[middle].Address < address)
            {
                start = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return start;
    }

    private readonly int FirstOverlap(ulong address)
    {
        int index = LowerBound(address);
        return index > 0 && _entries[index - 1].Overlap(address, 1, out _, out _) > 0 ? index - 1 : index;
    }

    // Removed entries give way to a new trap; a live one does not.
    private bool TryClear(ulong address, int length)
    {
        int first = FirstOverlap(address);
        int end = first;
        for (; end < _count && _entries[end].Overlap(address, length, out _, out _) > 0; end++)
        {
            if (_entries[end].State != TrapState.Removed)
            {
                return false;
            }
        }

        for (; end > first; end--)
        {
            Close(first);
        }

        return true;
    }

    private bool TryMakeRoom()
    {
        for (int index = 0; _count == _capacity && index < _count; index++)
        {
            if (_entries[index].State == TrapState.Removed)
            {
                Close(index);
            }
        }

        return _count < _capacity;
    }

    private void Open(int index, in SoftwareBreakpoint entry)
    {
        for (int i = _count++; i > index; i--)
        {
            _entries[i] = _entries[i - 1];
        }

        _entries[index] = entry;
    }

    private void Close(int index)
    {
        _count--;
        for (int i = index; i < _count; i++)
        {
            _entries[i] = _entries[i + 1];
        }
    }
}
