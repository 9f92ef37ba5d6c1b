using System.Runtime.CompilerServices;

namespace Haltpoint.Breakpoints;

/// <summary>The hardware breakpoints and watchpoints that one process should have, and the slots they take.</summary>
/// <remarks>
/// A value: to change it, copy it, change the copy, program the copy into every thread, and keep the copy when all of them took
/// it. Nothing here touches a register, and it is not thread-safe.
/// <para>
/// Pieces with the same bytes share a slot. A write watch shares with an access watch: the slot then watches both and a hit is
/// an access hit, which is true whoever hears it, because somebody did ask for reads of those bytes.
/// </para>
/// <para>
/// <see cref="BreakpointKind.ReadWatch"/> is refused, as gdbserver refuses it: x86 has no read-only form, and gdb, told so, asks
/// for an access watch and drops the hits at which the value changed. Accepting it here would take that away.
/// </para>
/// </remarks>
public struct HardwareBreakpoints
{
    public const int SlotCount = 4;

    /// <summary>Four slots side by side are ten runs, each watched for writes or for accesses: more cannot differ.</summary>
    public const int MaxRequests = 20;

    private const int LargestPiece = 8;

    private Slots _slots;
    private Requests _requests;
    private int _requestCount;

    public readonly int RequestCount => _requestCount;

    public readonly HardwareRequest RequestAt(int index) => _requests[index];

    public readonly HardwareSlot SlotAt(int slot) => _slots[slot];

    public readonly int FreeSlots
    {
        get
        {
            int free = 0;
            for (int slot = 0; slot < SlotCount; slot++)
            {
                free += _slots[slot].IsFree ? 1 : 0;
            }

            return free;
        }
    }

    public readonly bool Contains(BreakpointKind kind, ulong address, int length) => Find(kind, address, length) >= 0;

    /// <summary>Takes the slots for a request, all of them or none; an equal request is counted and takes nothing.</summary>
    /// <param name="kind">Hardware, write watch or access watch.</param>
    /// <param name="address">First byte.</param>
    /// <param name="length">Bytes watched; 1 for a breakpoint.</param>
    public SlotStatus Insert(BreakpointKind kind, ulong address, int length)
    {
        AccessKind access = AccessOf(kind);
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

        int index = Find(kind, address, length);
        if (index >= 0)
        {
            _requests[index].Count++;
            return SlotStatus.Ok;
        }

        if (SlotsNeeded(access, address, length) > FreeSlots)
        {
            return SlotStatus.Exhausted;
        }

        WatchRange range = new(address, (ulong)length, LargestPiece);
        while (range.TryTake(out WatchPiece piece))
        {
            int slot = FindHeld(access, piece);
            Hold(slot >= 0 ? slot : FindFree(piece), access, piece);
        }

        _requests[_requestCount++] = new HardwareRequest { Kind = kind, Address = address, Length = length, Count = 1 };
        return SlotStatus.Ok;
    }

    /// <summary>Takes back one <see cref="Insert"/>; the slots go with the last.</summary>
    public SlotStatus Remove(BreakpointKind kind, ulong address, int length)
    {
        int index = Find(kind, address, length);
        if (index < 0)
        {
            return SlotStatus.NotFound;
        }

        if (--_requests[index].Count > 0)
        {
            return SlotStatus.Ok;
        }

        AccessKind access = AccessOf(kind);
        WatchRange range = new(address, (ulong)length, LargestPiece);
        while (range.TryTake(out WatchPiece piece))
        {
            Release(FindHeld(access, piece), access);
        }

        _requests[index] = _requests[--_requestCount];
        return SlotStatus.Ok;
    }

    /// <summary>How many slots the request would take now; more than <see cref="SlotCount"/> for one that can never fit.</summary>
    public readonly int SlotsNeeded(BreakpointKind kind, ulong address, int length) => SlotsNeeded(AccessOf(kind), address, length);

    /// <summary>Takes the next hit to report out of the slot bits of a debug exception.</summary>
    /// <remarks>
    /// Watches come before breakpoints: their access is done, the breakpoint's instruction is still to come. Bits of slots that
    /// nobody holds are dropped; the processor may set them (SDM, DR6).
    /// </remarks>
    public readonly bool TryTakeHit(ref int hitSlots, out HardwareHit hit)
    {
        int best = -1;
        for (int slot = SlotCount - 1; slot >= 0; slot--)
        {
            if ((hitSlots & (1 << slot)) == 0 || _slots[slot].IsFree)
            {
                continue;
            }

            if (best < 0 || _slots[slot].Access != AccessKind.Execute || _slots[best].Access == AccessKind.Execute)
            {
                best = slot;
            }
        }

        hit = default;
        if (best < 0)
        {
            hitSlots = 0;
            return false;
        }

        hitSlots &= ~(1 << best);
        hit.Slot = best;
        hit.Address = _slots[best].Address;
        hit.Length = _slots[best].Length;
        hit.Kind = _slots[best].Access switch
        {
            AccessKind.Execute => BreakpointKind.Hardware,
            AccessKind.Write => BreakpointKind.WriteWatch,
            _ => BreakpointKind.AccessWatch,
        };
        return true;
    }

    /// <summary>The first piece of a watched range whose slot is among those of a debug exception.</summary>
    public readonly bool TryFindHit(int hitSlots, BreakpointKind kind, ulong address, int length, out WatchPiece piece)
    {
        AccessKind access = AccessOf(kind);
        WatchRange range = new(address, (ulong)length, LargestPiece);
        for (int pieces = 0; pieces < SlotCount && range.TryTake(out piece); pieces++)
        {
            int slot = FindHeld(access, piece);
            if (slot >= 0 && (hitSlots & (1 << slot)) != 0)
            {
                return true;
            }
        }

        piece = default;
        return false;
    }

    private static AccessKind AccessOf(BreakpointKind kind) => kind switch
    {
        BreakpointKind.Hardware => AccessKind.Execute,
        BreakpointKind.WriteWatch => AccessKind.Write,
        BreakpointKind.AccessWatch => AccessKind.ReadWrite,
        _ => AccessKind.None,
    };

    private readonly int SlotsNeeded(AccessKind access, ulong address, int length)
    {
        WatchRange range = new(address, (ulong)length, LargestPiece);
        int needed = 0;
        while (needed <= SlotCount && range.TryTake(out WatchPiece piece))
        {
            needed += FindHeld(access, piece) < 0 ? 1 : 0;
        }

        return needed;
    }

    private readonly int Find(BreakpointKind kind, ulong address, int length)
    {
        for (int index = 0; index < _requestCount; index++)
        {
            HardwareRequest request = _requests[index];
            if (request.Kind == kind && request.Address == address && request.Length == length)
            {
                return index;
            }
        }

        return -1;
    }

    private readonly int FindHeld(AccessKind access, WatchPiece piece)
    {
        for (int slot = 0; slot < SlotCount; slot++)
        {
            HardwareSlot held = _slots[slot];
            if (!held.IsFree && held.Address == piece.Address && held.Length == piece.Length
                && (held.Access == AccessKind.Execute) == (access == AccessKind.Execute))
            {
                return slot;
            }
        }

        return -1;
    }

    // A free slot that still has the address needs one register write less.
    private readonly int FindFree(WatchPiece piece)
    {
        int free = -1;
        for (int slot = SlotCount - 1; slot >= 0; slot--)
        {
            if (_slots[slot].IsFree && (free < 0 || _slots[slot].Address == piece.Address || _slots[free].Address != piece.Address))
            {
                free = slot;
            }
        }

        return free;
    }

    private void Hold(int slot, AccessKind access, WatchPiece piece)
    {
        _slots[slot].Address = piece.Address;
        _slots[slot].Length = piece.Length;
        Count(slot, access, 1);
    }

    private void Release(int slot, AccessKind access) => Count(slot, access, -1);

    private void Count(int slot, AccessKind access, int change)
    {
        switch (access)
        {
            case AccessKind.Execute:
                _slots[slot].ExecuteHolders += change;
                break;
            case AccessKind.Write:
                _slots[slot].WriteHolders += change;
                break;
            default:
                _slots[slot].AccessHolders += change;
                break;
        }
    }

    [InlineArray(SlotCount)]
    private struct Slots
    {
        private HardwareSlot _first;
    }

    [InlineArray(MaxRequests)]
    private struct Requests
    {
        private HardwareRequest _first;
    }
}
