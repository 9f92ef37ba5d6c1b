using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Memory;

/// <summary>Stacks, each with as much unmapped space below it: running over the end faults instead of reaching the neighbour.</summary>
/// <remarks>A stack is never unmapped, so that no other CPU can have a stale translation of it; threads that end leave theirs to the next.</remarks>
internal static class StackArea
{
    /// <summary>Boot/Layout.inc has it too, for the first stack.</summary>
    public const ulong StackSize = 0x8000;

    public const ulong Start = 0xFFFF_C000_0000_0000;

    private static SpinLock s_lock;
    private static ulong s_end;

    /// <returns>The address where the new stack begins, growing down.</returns>
    public static ulong Allocate()
    {
        ulong flags = s_lock.Enter();
        ulong bottom = Start + s_end + StackSize;
        s_end += 2 * StackSize;
        s_lock.Exit(flags);
        for (ulong page = bottom; page < bottom + StackSize; page += PageTables.PageSize)
        {
            PageTables.Map(page, FrameAllocator.Allocate(), PageFlags.Data);
        }

        return bottom + StackSize;
    }

    /// <summary>Whether a fault at this address is a stack that ran over.</summary>
    public static bool IsGuard(ulong address) => address >= Start && address < Start + s_end && (address - Start) % (2 * StackSize) < StackSize;
}
