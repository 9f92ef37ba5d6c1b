namespace Haltpoint.Breakpoints;

/// <summary>The instruction planted for a software breakpoint, as data: each architecture and each of its modes has its own.</summary>
/// <param name="bytes">In memory order, the first in the low byte.</param>
/// <param name="length">1 to 4.</param>
public readonly struct TrapInstruction(uint bytes, int length)
{
    public const int MaxLength = 4;

    /// <summary><c>int3</c>, the one-byte form that Intel made for debuggers (SDM vol. 2, "INT3").</summary>
    public static TrapInstruction X86 => new(0xCC, 1);

    public uint Bytes => bytes;

    public int Length => length;
}
