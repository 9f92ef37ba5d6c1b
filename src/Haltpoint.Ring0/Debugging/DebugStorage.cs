using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Debugging;

/// <summary>All memory of the debugger in one piece, so that one range says what must not be watched.</summary>
internal static unsafe class DebugStorage
{
    public const int PacketLength = 0x4000;
    public const int TextLength = 0x4000;
    public const int MaxTraps = 1000;
    public const int MaxInnerTraps = 16;
    public const int MaxBreakpoints = 16;

    private const int Alignment = 64;

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

    /// <summary>Aligned as the round-up wants it.</summary>
    public static void* Roundup => (void*)(((ulong)At->RoundupBytes + Alignment - 1) & ~(ulong)(Alignment - 1));

    public struct Block
    {
        public fixed byte RoundupBytes[Alignment * (Cpu.Max + 2)];
        public fixed byte Input[PacketLength];
        public fixed byte Output[PacketLength];
        public fixed byte Text[TextLength];
        public fixed ulong InnerTraps[MaxInnerTraps];
        public StoppedCpus Cpus;
        public Steps Steps;
        public Traps Traps;
        public Breakpoints Breakpoints;
    }

    [InlineArray(Cpu.Max)]
    public struct StoppedCpus
    {
        private StoppedCpu _first;
    }

    [InlineArray(Cpu.Max)]
    public struct Steps
    {
        private StepRecord _first;
    }

    [InlineArray(MaxTraps)]
    public struct Traps
    {
        private SoftwareBreakpoint _first;
    }

    [InlineArray(MaxBreakpoints)]
    public struct Breakpoints
    {
        private DebuggerBreakpoint _first;
    }
}
