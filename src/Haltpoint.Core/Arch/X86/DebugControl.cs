using Haltpoint.Breakpoints;

namespace Haltpoint.Arch.X86;

/// <summary>DR7 as a value: which of DR0 to DR3 are armed, for what access, over how many bytes.</summary>
/// <remarks>
/// Intel SDM vol. 3B, "Debug Control Register (DR7)".
/// <code>
///  bit  31 30  29 28  27 .. 24  23 .. 20  19 18  17 16   13  11  10  9  8   7  6   5  4   3  2   1  0
///       LEN3   RW3    slot 2    slot 1    LEN0   RW0     GD  RTM  1  GE LE  G3 L3  G2 L2  G1 L1  G0 L0
///
///  RW   00 execute   01 write    10 port in/out   11 read or write (not fetch)
///  LEN  00 1 byte    01 2 bytes  10 8 bytes       11 4 bytes
/// </code>
/// Arming uses the global bit and GE, as Linux does: a processor with hardware task switching clears the local ones.
/// </remarks>
public readonly struct DebugControl(ulong bits)
{
    public const int SlotCount = 4;

    private const ulong GlobalExact = 1ul << 9;

    public ulong Bits => bits;

    /// <summary>Whether the processor watches for the slot; either enable bit is enough .</summary>
    public bool IsArmed(int slot) => (bits & EnableMask(slot)) != 0;

    public bool IsAnyArmed => (bits & 0xFF) != 0;

    /// <summary><see cref="AccessKind.None"/> when the slot watches I/O ports, which needs CR4.DE and no request asks for.</summary>
    public AccessKind AccessOf(int slot) => ((bits >> (16 + (4 * slot))) & 3) switch
    {
        0 => AccessKind.Execute,
        1 => AccessKind.Write,
        3 => AccessKind.ReadWrite,
        _ => AccessKind.None,
    };

    public int LengthOf(int slot) => ((bits >> (18 + (4 * slot))) & 3) switch
    {
        0 => 1,
        1 => 2,
        2 => 8,
        _ => 4,
    };

    /// <summary>The register with <paramref name="slot"/> armed and every other slot untouched.</summary>
    /// <param name="slot">0 to 3.</param>
    /// <param name="access">Execute, write, or read and write: the ones that have a code.</param>
    /// <param name="length">1, 2, 4 or 8; 1 for execute, or the processor's behaviour is undefined.</param>
    public DebugControl Arm(int slot, AccessKind access, int length) =>
        new((bits & ~SlotMask(slot)) | ((LengthCode(length) << 2 | AccessCode(access)) << (16 + (4 * slot))) | (2ul << (2 * slot)) | GlobalExact);

    /// <summary>The register without the slot; GE goes with the last one, so that nothing armed is all zeros.</summary>
    public DebugControl Disarm(int slot)
    {
        DebugControl left = new(bits & ~SlotMask(slot));
        return left.IsAnyArmed ? left : new(left.Bits & ~GlobalExact);
    }

    private static ulong EnableMask(int slot) => 3ul << (2 * slot);

    private static ulong SlotMask(int slot) => EnableMask(slot) | (0xFul << (16 + (4 * slot)));

    private static ulong AccessCode(AccessKind access) => access switch { AccessKind.Execute => 0, AccessKind.Write => 1, _ => 3 };

    private static ulong LengthCode(int length) => length switch { 1 => 0, 2 => 1, 8 => 2, _ => 3 };
}
