using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Memory;

/// <summary>Pieces of memory longer than a page, one address after the other; never given back.</summary>
internal static unsafe class KernelArea
{
    private const ulong Start = 0xFFFF_B000_0000_0000;

    private static SpinLock s_lock;
    private static ulong s_used;

    /// <returns>Cleared memory at the beginning of a page.</returns>
    public static byte* Allocate(ulong length)
    {
        ulong size = (length + PageTables.PageSize - 1) & ~(PageTables.PageSize - 1);
        ulong flags = s_lock.Enter();
        ulong first = Start + s_used;
        s_used += size;
        s_lock.Exit(flags);
        for (ulong page = first; page < first + size; page += PageTables.PageSize)
        {
            PageTables.Map(page, FrameAllocator.Allocate(), PageFlags.Data);
        }

        return (byte*)first;
    }
}
