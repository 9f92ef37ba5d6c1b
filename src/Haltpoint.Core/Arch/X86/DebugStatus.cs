namespace Haltpoint.Arch.X86;

/// <summary>DR6 as a value: why a debug exception came.</summary>
/// <remarks>
/// Intel SDM vol. 3B, "Debug Status Register (DR6)". The processor sets bits and clears none but by the exceptions that say so:
/// whoever handles the exception writes <see cref="Reset"/>.
/// <code>
///  bit  16   15  14  13   11  3  2  1  0
///       RTM  BT  BS  BD  BLD  B3 B2 B1 B0      RTM and BLD are 0 when they happened; other bits are fixed
/// </code>
/// A slot bit may be set for a slot that is not armed: ask what is armed before believing it.
/// </remarks>
public readonly struct DebugStatus(ulong bits)
{
    /// <summary>The register when nothing has happened: the fixed ones and the bits that are active low (C-15).</summary>
    public const ulong Reset = 0xFFFF_0FF0;

    public ulong Bits => bits;

    /// <summary>One bit per slot.</summary>
    public int HitSlots => (int)(bits & 0xF);

    public bool IsHit(int slot) => (bits & (1ul << slot)) != 0;

    /// <summary>The trap flag made a single step end.</summary>
    public bool IsStep => (bits & (1ul << 14)) != 0;

    /// <summary>The next instruction would have touched a debug register (DR7.GD).</summary>
    public bool IsRegisterAccess => (bits & (1ul << 13)) != 0;

    public bool IsTaskSwitch => (bits & (1ul << 15)) != 0;

    public bool IsBusLock => (bits & (1ul << 11)) == 0;

    public bool IsInTransaction => (bits & (1ul << 16)) == 0;
}
