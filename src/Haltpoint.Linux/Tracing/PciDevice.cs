using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Tracing;

/// <summary>What the kernel says of a device on the PCI bus.</summary>
/// <param name="Place">Bus in the upper byte, device and function in the lower.</param>
/// <param name="Identity">Vendor in the upper half, device in the lower.</param>
/// <param name="Interrupt">Its interrupt line.</param>
/// <param name="Starts">Where its seven regions begin; their low bits say what they are.</param>
/// <param name="Sizes">Their sizes; 0 for a region it does not have.</param>
/// <param name="Driver">The driver that has it, or nothing.</param>
public sealed record PciDevice(int Place, uint Identity, int Interrupt, IReadOnlyList<ulong> Starts, IReadOnlyList<ulong> Sizes, string Driver)
{
    /// <summary>How many regions each has.</summary>
    public const int Regions = 7;

    private const string List = "/proc/bus/pci/devices";
    private const int FirstRegion = 3;

    /// <summary>All of this machine; none where there is no such bus.</summary>
    public static IReadOnlyList<PciDevice> ReadAll()
    {
        List<PciDevice> devices = [];
        try
        {
            foreach (string line in File.ReadLines(List))
            {
                if (TryParse(line, out PciDevice? device))
                {
                    devices.Add(device!);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A machine without the bus has no such file.
        }

        return devices;
    }

    /// <summary>Reads a line of /proc/bus/pci/devices: hexadecimal numbers with tabs between them, the driver last.</summary>
    internal static bool TryParse(string line, out PciDevice? device)
    {
        device = null;
        string[] words = line.Split('\t');
        ulong[] numbers = new ulong[FirstRegion + Regions + Regions];
        if (words.Length < numbers.Length)
        {
            return false;
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            if (!ulong.TryParse(words[i].AsSpan().Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }

        string driver = words.Length > numbers.Length ? words[^1].Trim() : "";
        device = new PciDevice(
            (int)numbers[0], (uint)numbers[1], (int)numbers[2], numbers[FirstRegion..(FirstRegion + Regions)], numbers[(FirstRegion + Regions)..], driver);
        return true;
    }
}
