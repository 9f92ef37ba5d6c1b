namespace Haltpoint.Breakpoints.Slots;

/// <summary>A request as the registers hold it.</summary>
public struct SlotForm
{
    public SlotClass Class;

    /// <summary>What goes into the address register.</summary>
    public ulong Address;

    /// <summary>Bytes from <see cref="Address"/> on that the register reacts to; wider than asked for where the registers are coarse .</summary>
    public ulong Length;

    /// <summary>AMD: address bits that are not compared. arm: one bit per byte selected, counted from <see cref="Address"/>.</summary>
    public ulong Mask;
}
