using System.Collections.Generic;

namespace Haltpoint.Cli.Mmio;

/// <summary>A PCI device that the head of a log names.</summary>
/// <param name="Place">Bus in the upper, device and function in the lower eight bits.</param>
/// <param name="Identity">Vendor in the upper, device in the lower sixteen bits.</param>
/// <param name="Starts">Seven regions, with the bits that say of which kind they are.</param>
/// <param name="Sizes">Of the regions.</param>
/// <param name="Driver">Empty for none.</param>
internal sealed record MmioDevice(uint Place, uint Identity, IReadOnlyList<ulong> Starts, IReadOnlyList<ulong> Sizes, string Driver)
{
    private const ulong KindBits = 0xF;

    /// <summary>As lspci writes it, with the vendor and the device.</summary>
    public string Name => $"{Place >> 8:x2}:{Place >> 3 & 0x1F:x2}.{Place & 7} {Identity >> 16:x4}:{Identity & 0xFFFF:x4}{(Driver.Length == 0 ? "" : $" ({Driver})")}";

    public bool Contains(ulong address)
    {
        for (int i = 0; i < Starts.Count; i++)
        {
            ulong start = Starts[i] & ~KindBits;
            if (address >= start && address - start < Sizes[i])
            {
                return true;
            }
        }

        return false;
    }
}
