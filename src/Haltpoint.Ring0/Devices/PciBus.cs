using System;
using System.Runtime.CompilerServices;
using Haltpoint.Records;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Devices;

/// <summary>The PCI devices of the machine, by the configuration ports (PCI Local Bus Specification 3.0, section 3.2.2.3.2).</summary>
internal static unsafe class PciBus
{
    private const int Capacity = 64;
    private const int Buses = 256;
    private const int Functions = 256;
    private const ushort AddressPort = 0xCF8;
    private const ushort DataPort = 0xCFC;
    private const uint Enable = 0x8000_0000;
    private const byte HeaderTypeOffset = 0x0C;
    private const uint IsMultiFunction = 1 << 23;

    private static Storage s_devices;
    private static int s_count;

    public static int Count => s_count;

    public static PciDevice* At(int index)
    {
        fixed (PciDevice* devices = (Span<PciDevice>)s_devices)
        {
            return devices + index;
        }
    }

    /// <summary>Called once, before any driver starts: looking at a device's sizes takes it off the bus for a moment.</summary>
    public static void Enumerate()
    {
        for (int bus = 0; bus < Buses; bus++)
        {
            for (int function = 0; function < Functions; function++)
            {
                uint identity = Read((byte)bus, (byte)function, 0);
                if (identity == uint.MaxValue)
                {
                    // Without function 0 there is no device.
                    function |= (function & 7) == 0 ? 7 : 0;
                    continue;
                }

                if (s_count < Capacity)
                {
                    At(s_count)->Find((byte)bus, (byte)function, identity);
                    s_count++;
                }

                if ((function & 7) == 0 && (Read((byte)bus, (byte)function, HeaderTypeOffset) & IsMultiFunction) == 0)
                {
                    function |= 7;
                }
            }
        }
    }

    /// <returns>Null when the machine has none.</returns>
    public static PciDevice* Find(ushort vendor, ushort device)
    {
        for (int i = 0; i < s_count; i++)
        {
            if (At(i)->Entry.Vendor == vendor && At(i)->Entry.Device == device)
            {
                return At(i);
            }
        }

        return null;
    }

    public static uint Read(byte bus, byte function, byte offset)
    {
        ulong flags = Instructions.DisableInterrupts();
        Instructions.Out32(AddressPort, Enable | ((uint)bus << 16) | ((uint)function << 8) | offset);
        uint value = Instructions.In32(DataPort);
        Instructions.RestoreInterrupts(flags);
        return value;
    }

    public static void Write(byte bus, byte function, byte offset, uint value)
    {
        ulong flags = Instructions.DisableInterrupts();
        Instructions.Out32(AddressPort, Enable | ((uint)bus << 16) | ((uint)function << 8) | offset);
        Instructions.Out32(DataPort, value);
        Instructions.RestoreInterrupts(flags);
    }

    [InlineArray(Capacity)]
    private struct Storage
    {
        private PciDevice _first;
    }
}
