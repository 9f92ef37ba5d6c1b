namespace Haltpoint.Breakpoints.Slots;

/// <summary>A granted request in a register.</summary>
public struct SlotPlacement
{
    public SlotId Id;
    public SlotClass Class;

    /// <summary>Number of the register in its class.</summary>
    public int Register;
    public SlotForm Form;
    public AccessKind Access;
}
