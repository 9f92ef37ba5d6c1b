using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Apic;

/// <summary>The pair of 8259A controllers: silenced. Moved out of the exceptions' way first, because a spurious request comes through a mask.</summary>
internal static class LegacyPic
{
    private const ushort FirstCommand = 0x20;
    private const ushort FirstData = 0x21;
    private const ushort SecondCommand = 0xA0;
    private const ushort SecondData = 0xA1;

    public static void Silence()
    {
        Instructions.Out8(FirstCommand, 0x11); // initialise; three words follow: the vector, the cascade, 8086 mode
        Instructions.Out8(SecondCommand, 0x11);
        Instructions.Out8(FirstData, Vectors.Pic);
        Instructions.Out8(SecondData, Vectors.Pic + 8);
        Instructions.Out8(FirstData, 4);
        Instructions.Out8(SecondData, 2);
        Instructions.Out8(FirstData, 1);
        Instructions.Out8(SecondData, 1);
        Instructions.Out8(FirstData, 0xFF);
        Instructions.Out8(SecondData, 0xFF);
    }
}
