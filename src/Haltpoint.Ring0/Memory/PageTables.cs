using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Memory;

/// <summary>The kernel's address space. Each CPU has a top table of its own, in which the kernel's half refers to the same tables everywhere;
/// the other half belongs to the user task that runs there. The kernel itself maps nothing in it, so that page 0 is not there.</summary>
internal static unsafe class PageTables
{
    public const ulong PageSize = 0x1000;
    public const ulong LargePageSize = 0x20_0000;

    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;
    private const int TopShift = 39;
    private const int LargeShift = 21;
    private const int PageShift = 12;
    private const int LevelBits = 9;
    private const int EntryCount = 1 << LevelBits;

    private static SpinLock s_lock;
    private static ulong s_root;

    /// <summary>Entries of a top table below this one are the user task's.</summary>
    public const int FirstKernelEntry = EntryCount / 2;

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

    /// <summary>Called once, on the boot processor, before it has a top table of its own.</summary>
    public static void Load() => Instructions.WritePageRoot(s_root);

    /// <returns>Physical address of a new top table, for a CPU.</returns>
    public static ulong CreateRoot()
    {
        ulong root = FrameAllocator.Allocate();
        ulong saved = s_lock.Enter();
        for (int i = FirstKernelEntry; i < EntryCount; i++)
        {
            ((ulong*)DirectMap.At(root))[i] = ((ulong*)DirectMap.At(s_root))[i];
        }

        s_lock.Exit(saved);
        return root;
    }

    public static void Map(ulong address, ulong physicalAddress, PageFlags flags) => Map(address, physicalAddress, flags, PageShift);

    public static void MapLarge(ulong address, ulong physicalAddress, PageFlags flags) => Map(address, physicalAddress, flags, LargeShift);

    /// <summary>Makes a page of registers reachable, uncached, at its place in the direct map.</summary>
    public static byte* MapDevice(ulong physicalAddress)
    {
        ulong page = physicalAddress & ~(PageSize - 1);
        Map((ulong)DirectMap.At(page), page, PageFlags.Device);
        return DirectMap.At(physicalAddress);
    }

    /// <summary>By the calling CPU's table. Takes no lock: tables only grow, so this is good in the debugger too.</summary>
    /// <remarks>A page that is armed is where it was.</remarks>
    public static bool TryTranslate(ulong address, out ulong physicalAddress, out PageFlags flags)
    {
        physicalAddress = 0;
        flags = PageFlags.None;
        ulong* entry = Find(address, out ulong size);
        if (entry == null)
        {
            return false;
        }

        flags = (PageFlags)(*entry & ~AddressMask);
        if ((flags & (PageFlags.Present | PageFlags.Trapped)) == 0)
        {
            return false;
        }

        physicalAddress = (*entry & AddressMask & ~(size - 1)) | (address & (size - 1));
        return true;
    }

    /// <summary>The last entry on the way to an address, by the calling CPU's table. Takes no lock.</summary>
    /// <returns>Null when there is no table for it.</returns>
    public static ulong* Find(ulong address, out ulong size)
    {
        size = 0;
        if (address + (1UL << 47) >> 48 != 0)
        {
            return null;
        }

        ulong table = Instructions.ReadPageRoot() & AddressMask;
        for (int shift = TopShift; ; shift -= LevelBits)
        {
            ulong* entry = Entry(table, address, shift);
            if (shift == PageShift || (shift < TopShift && (*entry & (ulong)PageFlags.Large) != 0))
            {
                size = 1UL << shift;
                return entry;
            }

            if ((*entry & (ulong)PageFlags.Present) == 0)
            {
                return null;
            }

            table = *entry & AddressMask;
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
                if (shift == TopShift)
                {
                    ShareTopEntry(address, *entry);
                }
            }

            table = *entry & AddressMask;
        }

        *Entry(table, address, lastShift) = physicalAddress | (ulong)flags | (ulong)(lastShift == LargeShift ? PageFlags.Large : PageFlags.None);
        s_lock.Exit(saved);
    }

    private static void ShareTopEntry(ulong address, ulong entry)
    {
        for (int i = 0; i < CpuTable.Count; i++)
        {
            *Entry(CpuTable.At(i)->PageRoot, address, TopShift) = entry;
        }
    }

    private static ulong* Entry(ulong table, ulong address, int shift) =>
        (ulong*)DirectMap.At(table) + ((address >> shift) & (EntryCount - 1));
}
