namespace Haltpoint.Breakpoints.Slots;

/// <summary>Which registers a request competes for; one class for everything where the registers are mixed .</summary>
public enum SlotClass : byte
{
    Data = 0,
    Instruction = 1,
}
