using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Tasks;

/// <summary>The memory of a user task: one entry of the top page table, 512 GiB from address 0, and what it leads to. Of the task alone, or of who makes it.</summary>
internal unsafe struct AddressSpace
{
    public const ulong End = 1UL << TopShift;
    public const ulong StackTop = End - PageTables.PageSize;

    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;
    private const int TopShift = 39;
    private const int PageShift = 12;
    private const int LevelBits = 9;
    private const int EntryCount = 1 << LevelBits;
    private const ulong TableFlags = (ulong)(PageFlags.Present | PageFlags.Writable | PageFlags.User);

    // Physical address of the table below the top; 0 when there is nothing.
    private ulong _table;

    /// <summary>What the first entry of the top table has to be.</summary>
    public readonly ulong TopEntry => _table == 0 ? 0 : _table | TableFlags;

    /// <summary>Makes a task's memory, or none, that of the CPU; interrupts off.</summary>
    public static void Load(Cpu* cpu, ulong topEntry)
    {
        ulong* top = (ulong*)DirectMap.At(cpu->PageRoot);
        if (*top != topEntry)
        {
            *top = topEntry;
            Instructions.WritePageRoot(cpu->PageRoot);
        }
    }

    /// <summary>A cleared page.</summary>
    /// <param name="address">Below <see cref="End"/>. One that is there stays, with the rights added.</param>
    /// <param name="flags">Beside that it is a user's.</param>
    public void Map(ulong address, PageFlags flags)
    {
        ulong* entry = Create(address);
        if (*entry == 0)
        {
            *entry = FrameAllocator.Allocate();
        }

        *entry |= (ulong)(flags | PageFlags.Present | PageFlags.User);
    }

    /// <summary>Where a byte of the task is in the kernel's memory; whatever the rights.</summary>
    public readonly bool TryTranslate(ulong address, out byte* at)
    {
        at = null;
        ulong* entry = address < End && _table != 0 ? Find(address) : null;
        if (entry == null || *entry == 0)
        {
            return false;
        }

        at = DirectMap.At((*entry & AddressMask) + (address & (PageTables.PageSize - 1)));
        return true;
    }

    /// <summary>Copies into the task's pages, which must be there.</summary>
    public readonly bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!TryTranslate(address + (ulong)i, out byte* at))
            {
                return false;
            }

            *at = bytes[i];
        }

        return true;
    }

    /// <summary>The same in pages of its own.</summary>
    public readonly AddressSpace Copy()
    {
        AddressSpace copy = default;
        if (_table != 0)
        {
            copy._table = CopyTable(_table, TopShift - LevelBits);
        }

        return copy;
    }

    /// <summary>Gives all back. No CPU may have it loaded.</summary>
    public void Free()
    {
        if (_table != 0)
        {
            FreeTable(_table, TopShift - LevelBits);
            _table = 0;
        }
    }

    private static ulong CopyTable(ulong table, int shift)
    {
        ulong copy = FrameAllocator.Allocate();
        ulong* from = (ulong*)DirectMap.At(table);
        ulong* to = (ulong*)DirectMap.At(copy);
        for (int i = 0; i < EntryCount; i++)
        {
            if (from[i] == 0)
            {
                continue;
            }

            ulong below = from[i] & AddressMask;
            ulong page = shift == PageShift ? CopyPage(below) : CopyTable(below, shift - LevelBits);
            to[i] = page | (from[i] & ~AddressMask);
        }

        return copy;
    }

    private static ulong CopyPage(ulong page)
    {
        ulong copy = FrameAllocator.Allocate();
        new ReadOnlySpan<byte>(DirectMap.At(page), (int)PageTables.PageSize).CopyTo(new Span<byte>(DirectMap.At(copy), (int)PageTables.PageSize));
        return copy;
    }

    private static void FreeTable(ulong table, int shift)
    {
        ulong* entries = (ulong*)DirectMap.At(table);
        for (int i = 0; i < EntryCount; i++)
        {
            ulong below = entries[i] & AddressMask;
            if (below != 0 && shift == PageShift)
            {
                FrameAllocator.Free(below);
            }
            else if (below != 0)
            {
                FreeTable(below, shift - LevelBits);
            }
        }

        FrameAllocator.Free(table);
    }

    private static ulong* EntryOf(ulong table, ulong address, int shift) =>
        (ulong*)DirectMap.At(table) + ((address >> shift) & (EntryCount - 1));

    private readonly ulong* Find(ulong address)
    {
        ulong table = _table;
        for (int shift = TopShift - LevelBits; shift > PageShift; shift -= LevelBits)
        {
            ulong entry = *EntryOf(table, address, shift);
            if (entry == 0)
            {
                return null;
            }

            table = entry & AddressMask;
        }

        return EntryOf(table, address, PageShift);
    }

    private ulong* Create(ulong address)
    {
        _table = _table == 0 ? FrameAllocator.Allocate() : _table;
        ulong table = _table;
        for (int shift = TopShift - LevelBits; shift > PageShift; shift -= LevelBits)
        {
            ulong* entry = EntryOf(table, address, shift);
            if (*entry == 0)
            {
                *entry = FrameAllocator.Allocate() | TableFlags;
            }

            table = *entry & AddressMask;
        }

        return EntryOf(table, address, PageShift);
    }
}
