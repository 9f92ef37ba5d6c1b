using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Memory;

/// <summary>Where the registers of devices are mapped: each mapping twice, at an address for its driver and at one that only the kernel knows.</summary>
/// <remarks>
/// Only the driver's address is ever armed, so an armed page can be reached all the time by <see cref="Alias"/>, and is closed to
/// everybody else on every CPU for as long as it is armed. Addresses are never given twice: a use after <see cref="Unmap"/> faults.
/// </remarks>
internal static unsafe class DeviceArea
{
    public const ulong Start = 0xFFFF_D000_0000_0000;
    public const ulong End = Start + Size;

    private const ulong Size = 1UL << 38;

    private static SpinLock s_lock;
    private static ulong s_used;

    public static bool Contains(ulong address) => address - Start < Size;

    /// <summary>The way to the same register that is never closed.</summary>
    public static ulong Alias(ulong address) => address + Size;

    /// <summary>Maps registers uncached, in pages of 2 MiB where they fit.</summary>
    /// <param name="physicalAddress">Need not be at the beginning of a page.</param>
    /// <returns>Where the register at <paramref name="physicalAddress"/> now is.</returns>
    public static byte* Map(ulong physicalAddress, ulong length)
    {
        ulong first = physicalAddress & ~(PageTables.PageSize - 1);
        ulong end = (physicalAddress + length + PageTables.PageSize - 1) & ~(PageTables.PageSize - 1);
        ulong flags = s_lock.Enter();

        // Equal in the lower bits, for the large pages; and a page left out before each mapping.
        ulong start = Start + s_used + PageTables.PageSize;
        start += (first - start) & (PageTables.LargePageSize - 1);
        s_used = start + (end - first) - Start;
        s_lock.Exit(flags);
        for (ulong page = first; page < end;)
        {
            ulong address = start + (page - first);
            bool isLarge = page % PageTables.LargePageSize == 0 && end - page >= PageTables.LargePageSize;
            MapPage(address, page, isLarge);
            MapPage(Alias(address), page, isLarge);
            page += isLarge ? PageTables.LargePageSize : PageTables.PageSize;
        }

        return (byte*)(start + (physicalAddress - first));
    }

    /// <summary>The caller holds no lock (<see cref="TranslationFlush"/>), and no traced range has a byte in it any more.</summary>
    public static void Unmap(byte* address, ulong length)
    {
        for (ulong page = (ulong)address & ~(PageTables.PageSize - 1); page < (ulong)address + length;)
        {
            ulong* entry = PageTables.Find(page, out ulong size);
            *entry = 0;
            *PageTables.Find(Alias(page), out _) = 0;
            page += size;
        }

        TranslationFlush.Everywhere();
    }

    private static void MapPage(ulong address, ulong physicalAddress, bool isLarge)
    {
        if (isLarge)
        {
            PageTables.MapLarge(address, physicalAddress, PageFlags.Device);
        }
        else
        {
            PageTables.Map(address, physicalAddress, PageFlags.Device);
        }
    }
}
