namespace Haltpoint.Arch.X86;

/// <summary>Where one register is: in its set, and in the image of the <c>g</c> packet.</summary>
public struct RegisterPlace
{
    public RegisterSet Set;
    public byte Length;
    public ushort SetOffset;
    public ushort ImageOffset;
}
