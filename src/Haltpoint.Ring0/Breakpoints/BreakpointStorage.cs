using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Breakpoints;

/// <summary>All memory of the breakpoints in one piece, so that one range says what must not be watched: a debug exception reads it.</summary>
internal static unsafe class BreakpointStorage
{
    public const int MaxRequests = 1000;
    public const int MaxPlaces = MaxRequests + SlotProfile.MaxSlots + 1;
    public const int PoolLength = 0x1_8000;

    // Of each CPU the descriptors and the stacks of the exceptions; of all the interrupt table, the debugger's memory and this.
    public const int MaxForbidden = (5 * Cpu.Max) + 3;

    private static Block s_block;

    public static Block* At
    {
        get
        {
            fixed (Block* block = &s_block)
            {
                return block;
            }
        }
    }

    public struct Block
    {
        public fixed ulong Pool[PoolLength / sizeof(ulong)];
        public Banks Banks;
        public Breakpoints Breakpoints;
        public Forbidden Forbidden;
    }

    [InlineArray(Cpu.Max)]
    public struct Banks
    {
        private CpuBank _first;
    }

    [InlineArray(MaxPlaces)]
    public struct Breakpoints
    {
        private Breakpoint _first;
    }

    [InlineArray(MaxForbidden)]
    public struct Forbidden
    {
        private ForbiddenRange _first;
    }
}
