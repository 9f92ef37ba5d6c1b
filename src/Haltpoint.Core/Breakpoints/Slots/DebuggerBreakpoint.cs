using System.Runtime.CompilerServices;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>A hardware breakpoint or watchpoint of the debugger, with the slots it holds: an entry of <see cref="DebuggerSlots"/>.</summary>
public struct DebuggerBreakpoint
{
    /// <summary>The most slots one request can take: all registers of a CPU.</summary>
    public const int MaxPieces = 4;

    public BreakpointKind Kind;
    public ulong Address;
    public int Length;

    internal bool IsUsed;
    internal int PieceCount;
    internal Pieces Held;

    [InlineArray(MaxPieces)]
    internal struct Pieces
    {
        private SlotId _first;
    }
}
