using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Serial;

namespace Haltpoint.Ring0.Boot;

/// <summary>Copies what is needed of what the loader hands over; afterwards its memory is free.</summary>
internal static unsafe class Loader
{
    /// <param name="magic">Which kind of loader it is.</param>
    /// <param name="handedOver">Its tables, in the direct map.</param>
    /// <returns>Physical address of the ACPI tables' root pointer; 0 when the loader knows none.</returns>
    public static ulong Read(uint magic, byte* handedOver)
    {
        PvhStartInfo* start = (PvhStartInfo*)handedOver;
        ulong rootPointer = magic switch
        {
            PvhStartInfo.ExpectedMagic when start->Magic == PvhStartInfo.ExpectedMagic && start->Version > 0 => start->Read(),
            MultibootInformation.ExpectedMagic => MultibootInformation.Read(handedOver),
            _ => 0,
        };
        if (MemoryMap.Total == 0)
        {
            SerialConsole.Write("Haltpoint: the loader gave no memory map; PVH from version 1 on and Multiboot2 do\n"u8);
            Instructions.Stop();
        }

        return rootPointer;
    }
}
