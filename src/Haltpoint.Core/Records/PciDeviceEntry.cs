namespace Haltpoint.Records;

/// <summary>A PCI device as the head of an mmiotrace log names it (G-54).</summary>
public unsafe struct PciDeviceEntry
{
    public const int Regions = 7;

    public byte Bus;

    /// <summary>Device number and function: five bits and three.</summary>
    public byte DeviceFunction;
    public ushort Vendor;
    public ushort Device;
    public uint Interrupt;

    /// <summary>Six base addresses and the expansion ROM, with the low bits that say of which kind they are.</summary>
    public fixed ulong Starts[Regions];

    public fixed ulong Sizes[Regions];
}
