namespace Haltpoint.Breakpoints;

/// <summary>One entry of <see cref="SoftwareBreakpoints"/>.</summary>
public struct SoftwareBreakpoint
{
    public ulong Address;
    public TrapInstruction Trap;

    /// <summary>The bytes under a planted trap, the first in the low byte.</summary>
    public uint Covered;

    /// <summary>How often it was inserted and not removed.</summary>
    public int Count;
    public TrapState State;

    /// <summary>The part of a range that this trap covers.</summary>
    /// <param name="address">First byte of the range.</param>
    /// <param name="length">Bytes in the range.</param>
    /// <param name="at">Offset in the range.</param>
    /// <param name="from">Offset in the trap.</param>
    /// <returns>Bytes in common, 0 when there are none.</returns>
    internal readonly int Overlap(ulong address, int length, out int at, out int from)
    {
        // Differences, not ends: a range may reach the last byte of the address space.
        ulong ahead = Address - address;
        ulong behind = address - Address;
        bool isAhead = Address >= address;
        at = isAhead && ahead < (ulong)length ? (int)ahead : 0;
        from = !isAhead && behind < (ulong)Trap.Length ? (int)behind : 0;
        if (isAhead ? ahead >= (ulong)length : behind >= (ulong)Trap.Length)
        {
            return 0;
        }

        int left = length - at;
        return Trap.Length - from < left ? Trap.Length - from : left;
    }
}
