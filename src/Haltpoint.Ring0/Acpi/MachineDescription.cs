using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Acpi;

/// <summary>What the ACPI tables say of the machine: its processors, the way of its interrupts, its clock. Copied, so that the tables may go.</summary>
internal static class MachineDescription
{
    // Entries of the MADT (ACPI specification 6.5, section 5.2.12).
    private const byte LocalApicEntry = 0;
    private const byte IoApicEntry = 1;
    private const byte OverrideEntry = 2;
    private const byte LocalX2ApicEntry = 9;
    private const int FirstEntry = 44;
    private const uint IsUsable = 1;
    private const int LegacyLines = 16;

    private const int PowerTimerOffset = 76; // PM_TMR_BLK of the FADT
    private const int PrecisionTimerOffset = 44; // the address in the HPET's table (IA-PC HPET specification 1.0a, section 3.2.4)

    private static ApicIds s_apicIds;
    private static Lines s_lines;
    private static int s_cpus;
    private static ulong s_ioApic;
    private static uint s_ioApicFirstLine;
    private static ushort s_powerTimer;
    private static ulong s_precisionTimer;

    /// <summary>APIC identifiers of the usable processors, in the tables' order.</summary>
    public static ReadOnlySpan<uint> Processors => ((ReadOnlySpan<uint>)s_apicIds)[..s_cpus];

    /// <summary>Processors beyond <see cref="Cpu.Max"/>, which stay off.</summary>
    public static int ProcessorsLeftOut { get; private set; }

    public static ulong IoApicAddress => s_ioApic;

    public static uint IoApicFirstLine => s_ioApicFirstLine;

    /// <summary>Port of the power-management timer.</summary>
    public static ushort PowerTimerPort => s_powerTimer;

    /// <summary>Physical address of the high-precision event timer; 0 when there is none.</summary>
    public static ulong PrecisionTimerAddress => s_precisionTimer;

    /// <summary>Where an ISA interrupt comes in.</summary>
    public static InterruptLine LineOf(int isaInterrupt) => s_lines[isaInterrupt];

    /// <returns>What is missing; empty when nothing is.</returns>
    public static ReadOnlySpan<byte> Read(ulong rootPointer)
    {
        for (int i = 0; i < LegacyLines; i++)
        {
            s_lines[i] = new InterruptLine { Number = (uint)i };
        }

        ReadOnlySpan<byte> madt = AcpiTables.Find(rootPointer, "APIC"u8);
        ReadOnlySpan<byte> fadt = AcpiTables.Find(rootPointer, "FACP"u8);
        for (int offset = FirstEntry; offset + 2 <= madt.Length && madt[offset + 1] >= 2 && offset + madt[offset + 1] <= madt.Length; offset += madt[offset + 1])
        {
            ReadEntry(madt.Slice(offset, madt[offset + 1]));
        }

        if (fadt.Length >= PowerTimerOffset + sizeof(uint))
        {
            s_powerTimer = (ushort)BinaryPrimitives.ReadUInt32LittleEndian(fadt[PowerTimerOffset..]);
        }

        ReadOnlySpan<byte> hpet = AcpiTables.Find(rootPointer, "HPET"u8);
        if (hpet.Length >= PrecisionTimerOffset + sizeof(ulong))
        {
            s_precisionTimer = BinaryPrimitives.ReadUInt64LittleEndian(hpet[PrecisionTimerOffset..]);
        }

        return s_cpus == 0 ? "the ACPI tables name no processor (MADT)"u8
            : s_ioApic == 0 ? "the ACPI tables name no I/O APIC"u8
            : s_powerTimer == 0 ? "the ACPI tables name no power-management timer"u8
            : default;
    }

    private static void ReadEntry(ReadOnlySpan<byte> entry)
    {
        switch (entry[0])
        {
            case LocalApicEntry when entry.Length >= 8 && (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) & IsUsable) != 0:
                AddProcessor(entry[3]);
                break;
            case LocalX2ApicEntry when entry.Length >= 16 && (BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]) & IsUsable) != 0:
                AddProcessor(BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
                break;
            case IoApicEntry when entry.Length >= 12 && s_ioApic == 0:
                s_ioApic = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
                s_ioApicFirstLine = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
                break;
            case OverrideEntry when entry.Length >= 10 && entry[3] < LegacyLines:
                ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]);
                s_lines[entry[3]] = new InterruptLine
                {
                    Number = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                    IsActiveLow = (flags & 3) == 3,
                    IsLevelTriggered = (flags >> 2 & 3) == 3,
                };
                break;
            default:
                break;
        }
    }

    private static void AddProcessor(uint apicId)
    {
        if (s_cpus == Cpu.Max)
        {
            ProcessorsLeftOut++;
            return;
        }

        s_apicIds[s_cpus++] = apicId;
    }

    [InlineArray(Cpu.Max)]
    private struct ApicIds
    {
        private uint _first;
    }

    [InlineArray(LegacyLines)]
    private struct Lines
    {
        private InterruptLine _first;
    }
}
