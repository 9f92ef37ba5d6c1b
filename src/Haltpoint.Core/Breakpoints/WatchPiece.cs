namespace Haltpoint.Breakpoints;

/// <summary>A part of a watched range that one slot holds: a power of two of bytes at a multiple of it.</summary>
public readonly struct WatchPiece(ulong address, int length)
{
    public ulong Address => address;

    public int Length => length;
}
