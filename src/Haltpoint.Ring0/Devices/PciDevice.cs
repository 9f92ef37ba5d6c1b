using System;
using Haltpoint.Records;

namespace Haltpoint.Ring0.Devices;

/// <summary>One function of the PCI bus. One driver at a time.</summary>
internal unsafe struct PciDevice
{
    private const byte Command = 0x04;
    private const byte Capabilities = 0x34;
    private const byte InterruptLine = 0x3C;
    private const byte FirstRegion = 0x10;
    private const byte ExpansionRom = 0x30;
    private const uint DecodesMemory = 1 << 1;
    private const uint IsMaster = 1 << 2;
    private const uint NoInterruptLine = 1 << 10;
    private const uint Decodes = 3;
    private const uint HasCapabilities = 1 << 20;
    private const byte MessageInterrupts = 0x05;
    private const uint Is64Bit = 4;
    private const uint IsPort = 1;
    private const uint MessageBase = 0xFEE0_0000;
    private const int LastRegion = 5;

    public PciDeviceEntry Entry;
    public DriverKind Driver;

    public readonly ReadOnlySpan<byte> DriverName => Driver switch
    {
        DriverKind.Edu => "edu"u8,
        DriverKind.Entropy => "virtio-rng"u8,
        _ => default,
    };

    /// <summary>Physical address of a region of memory; its number is that of its base address.</summary>
    public ulong MemoryOf(int region) => Entry.Starts[region] & ~0xFUL;

    public ulong SizeOf(int region) => Entry.Sizes[region];

    public void Find(byte bus, byte function, uint identity)
    {
        Entry.Bus = bus;
        Entry.DeviceFunction = function;
        Entry.Vendor = (ushort)identity;
        Entry.Device = (ushort)(identity >> 16);
        Entry.Interrupt = Read(InterruptLine) & 0xFF;
        uint command = Read(Command);
        Write(Command, command & 0xFFFF & ~Decodes);
        if ((Read(0x0C) >> 16 & 0x7F) == 0)
        {
            for (int region = 0; region <= LastRegion; region++)
            {
                region += FindRegion(region, (byte)(FirstRegion + (4 * region)));
            }

            FindRegion(LastRegion + 1, ExpansionRom);
        }

        Write(Command, command & 0xFFFF);
    }

    /// <summary>Lets the device answer, and reach memory by itself.</summary>
    public void Enable() => Write(Command, (Read(Command) & 0xFFFF) | DecodesMemory | IsMaster | NoInterruptLine);

    /// <summary>The next capability of a kind, from <paramref name="offset"/> on, or the first for 0.</summary>
    /// <returns>0 when there is none.</returns>
    public byte FindCapability(byte kind, byte offset)
    {
        byte next = offset != 0 ? (byte)(Read(offset) >> 8) : (Read(Command) & HasCapabilities) != 0 ? (byte)Read(Capabilities) : (byte)0;
        while (next != 0 && (byte)Read(next) != kind)
        {
            next = (byte)(Read(next) >> 8);
        }

        return next;
    }

    /// <summary>Interrupts as messages to one CPU, whose APIC's number has eight bits.</summary>
    /// <returns>False when the device has no such interrupts.</returns>
    public bool TrySendInterrupts(int vector, uint apicId)
    {
        byte capability = FindCapability(MessageInterrupts, 0);
        if (capability == 0)
        {
            return false;
        }

        uint control = Read(capability);
        bool isWide = (control >> 23 & 1) != 0;
        Write((byte)(capability + 4), MessageBase | (apicId << 12));
        if (isWide)
        {
            Write((byte)(capability + 8), 0);
        }

        Write((byte)(capability + (isWide ? 12 : 8)), (uint)vector);

        // One message, enabled.
        Write(capability, (control & ~(7u << 20)) | (1u << 16));
        return true;
    }

    public uint Read(byte offset) => PciBus.Read(Entry.Bus, Entry.DeviceFunction, offset);

    private void Write(byte offset, uint value) => PciBus.Write(Entry.Bus, Entry.DeviceFunction, offset, value);

    // The address bits that stay 0 when ones are written say how large it is (section 6.2.5.1).
    private int FindRegion(int region, byte offset)
    {
        uint start = Read(offset);
        Write(offset, offset == ExpansionRom ? 0xFFFF_FFFE : uint.MaxValue);
        uint mask = Read(offset);
        Write(offset, start);
        bool isPort = offset != ExpansionRom && (start & IsPort) != 0;
        bool isWide = offset != ExpansionRom && !isPort && (start & 6) == Is64Bit && region < LastRegion;
        ulong address = start;
        ulong fullMask = isPort ? mask & ~3UL : mask & (offset == ExpansionRom ? 0xFFFF_F800UL : ~0xFUL);
        if (isWide)
        {
            uint high = Read((byte)(offset + 4));
            Write((byte)(offset + 4), uint.MaxValue);
            fullMask |= (ulong)Read((byte)(offset + 4)) << 32;
            Write((byte)(offset + 4), high);
            address |= (ulong)high << 32;
        }
        else if (fullMask != 0)
        {
            fullMask |= isPort && fullMask < 0x1_0000 ? 0xFFFF_FFFF_FFFF_0000 : 0xFFFF_FFFF_0000_0000;
        }

        Entry.Starts[region] = address;
        Entry.Sizes[region] = fullMask == 0 || (address & ~0xFUL) == 0 ? 0 : ~fullMask + 1;
        return isWide ? 1 : 0;
    }
}
