using System;
using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Memory;

/// <summary>Page frames: those given back, kept in a list through their own first words, then memory not touched so far.</summary>
internal static unsafe class FrameAllocator
{
    // Below 1 MiB is the firmware's, and the start-up page of the other processors.
    private const ulong Lowest = 0x10_0000;

    private static SpinLock s_lock;
    private static ulong s_freeList;
    private static ulong s_next;
    private static int s_range;
    private static long s_taken;

    public static long Taken => s_taken;

    /// <returns>The physical address of a cleared frame. Without memory the kernel cannot go on.</returns>
    public static ulong Allocate()
    {
        ulong flags = s_lock.Enter();
        ulong frame = s_freeList;
        if (frame != 0)
        {
            s_freeList = *(ulong*)DirectMap.At(frame);
        }
        else
        {
            frame = TakeNext();
        }

        s_taken++;
        s_lock.Exit(flags);
        if (frame == 0)
        {
            Panic.Now("out of memory"u8);
        }

        new Span<byte>(DirectMap.At(frame), (int)PageTables.PageSize).Clear();
        return frame;
    }

    public static void Free(ulong frame)
    {
        ulong flags = s_lock.Enter();
        *(ulong*)DirectMap.At(frame) = s_freeList;
        s_freeList = frame;
        s_taken--;
        s_lock.Exit(flags);
    }

    private static ulong TakeNext()
    {
        ReadOnlySpan<MemoryRange> ranges = MemoryMap.Ranges;
        ulong imageEnd = ImageLayout.End() - ImageLayout.Base;
        for (; s_range < ranges.Length; s_range++)
        {
            // The image lies at the bottom of its range.
            ulong start = Math.Max(ranges[s_range].Start, Lowest);
            start = start < imageEnd ? imageEnd : start;
            ulong frame = Math.Max(start, s_next);
            if (frame < ranges[s_range].End)
            {
                s_next = frame + PageTables.PageSize;
                return frame;
            }
        }

        return 0;
    }
}
