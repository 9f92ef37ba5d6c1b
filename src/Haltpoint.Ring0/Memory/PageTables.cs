using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Memory;

/// <summary>The kernel's address space: one for all CPUs. Nothing is mapped below the direct map, so that page 0 is not there.</summary>
internal static unsafe class PageTables
{
    public const ulong PageSize = 0x1000;
    public const ulong LargePageSize = 0x20_0000;

    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;
    private const int TopShift = 39;
    private const int LargeShift = 21;
    private const int PageShift = 12;
    private const int LevelBits = 9;

    private static SpinLock s_lock;
    private static ulong s_root;

    /// <summary>Physical address of the top table.</summary>
    public static ulong Root => s_root;

    /// <summary>The image with the rights of its parts, and the memory. Called once, on the boot code's tables.</summary>
    public static void Build()
    {
        s_root = FrameAllocator.Allocate();
        MapImage(ImageLayout.TextStart(), ImageLayout.TextEnd(), PageFlags.Code);
        MapImage(ImageLayout.TextEnd(), ImageLayout.ReadOnlyEnd(), PageFlags.ReadOnly);
        MapImage(ImageLayout.ReadOnlyEnd(), ImageLayout.End(), PageFlags.Data);
        foreach (MemoryRange range in MemoryMap.Ranges)
        {
            for (ulong address = range.Start; address < range.End;)
            {
                bool isLarge = address % LargePageSize == 0 && range.End - address >= LargePageSize;
                Map((ulong)DirectMap.At(address), address, PageFlags.Data, isLarge ? LargeShift : PageShift);
                address += isLarge ? LargePageSize : PageSize;
            }
        }
    }

    /// <summary>Called on the boot processor; the others begin with it.</summary>
    public static void Load() => Instructions.WritePageRoot(s_root);

    public static void Map(ulong address, ulong physicalAddress, PageFlags flags) => Map(address, physicalAddress, flags, PageShift);

    /// <summary>Makes a page of registers reachable, uncached, at its place in the direct map.</summary>
    public static byte* MapDevice(ulong physicalAddress)
    {
        ulong page = physicalAddress & ~(PageSize - 1);
        Map((ulong)DirectMap.At(page), page, PageFlags.Device);
        return DirectMap.At(physicalAddress);
    }

    /// <summary>Takes no lock: tables only grow, so this is good in the debugger too.</summary>
    public static bool TryTranslate(ulong address, out ulong physicalAddress, out PageFlags flags)
    {
        physicalAddress = 0;
        flags = PageFlags.None;
        if (address + (1UL << 47) >> 48 != 0)
        {
            return false;
        }

        ulong table = s_root;
        for (int shift = TopShift; ; shift -= LevelBits)
        {
            ulong entry = *Entry(table, address, shift);
            flags = (PageFlags)(entry & ~AddressMask);
            if ((flags & PageFlags.Present) == 0)
            {
                return false;
            }

            if (shift == PageShift || (shift < TopShift && (flags & PageFlags.Large) != 0))
            {
                ulong offset = (1UL << shift) - 1;
                physicalAddress = (entry & AddressMask & ~offset) | (address & offset);
                return true;
            }

            table = entry & AddressMask;
        }
    }

    private static void MapImage(ulong start, ulong end, PageFlags flags)
    {
        for (ulong address = start; address < end; address += PageSize)
        {
            Map(address, address - ImageLayout.Base, flags);
        }
    }

    private static void Map(ulong address, ulong physicalAddress, PageFlags flags, int lastShift)
    {
        ulong saved = s_lock.Enter();
        ulong table = s_root;
        for (int shift = TopShift; shift > lastShift; shift -= LevelBits)
        {
            ulong* entry = Entry(table, address, shift);
            if (*entry == 0)
            {
                // The right to write is taken away at the last level only.
                *entry = FrameAllocator.Allocate() | (ulong)(PageFlags.Present | PageFlags.Writable);
            }

            table = *entry & AddressMask;
        }

        *Entry(table, address, lastShift) = physicalAddress | (ulong)flags | (ulong)(lastShift == LargeShift ? PageFlags.Large : PageFlags.None);
        s_lock.Exit(saved);
    }

    private static ulong* Entry(ulong table, ulong address, int shift) =>
        (ulong*)DirectMap.At(table) + ((address >> shift) & ((1 << LevelBits) - 1));
}
