using System.Threading;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Apic;

/// <summary>Where the lines of devices come in (82093AA data sheet, section 3). The first one of the machine has those of a PC.</summary>
internal static unsafe class IoApic
{
    private const int Select = 0x00;
    private const int Window = 0x10;
    private const uint Version = 1;
    private const uint FirstRedirection = 0x10;
    private const uint Masked = 1 << 16;
    private const uint LevelTriggered = 1 << 15;
    private const uint ActiveLow = 1 << 13;

    private static ulong s_page;
    private static uint s_firstLine;

    /// <summary>Maps it and masks all its lines.</summary>
    public static void Start(ulong address, uint firstLine)
    {
        s_page = (ulong)PageTables.MapDevice(address);
        s_firstLine = firstLine;
        uint last = Read(Version) >> 16 & 0xFF;
        for (uint line = 0; line <= last; line++)
        {
            Write(FirstRedirection + (2 * line), Masked);
        }
    }

    /// <summary>Sends a line to a CPU, as <paramref name="vector"/>.</summary>
    public static void Route(in InterruptLine line, int vector, uint apicId)
    {
        uint index = FirstRedirection + (2 * (line.Number - s_firstLine));
        Write(index + 1, apicId << 24);
        Write(index, (uint)vector | (line.IsLevelTriggered ? LevelTriggered : 0) | (line.IsActiveLow ? ActiveLow : 0));
    }

    private static uint Read(uint register)
    {
        Volatile.Write(ref *(int*)(s_page + Select), (int)register);
        return (uint)Volatile.Read(ref *(int*)(s_page + Window));
    }

    private static void Write(uint register, uint value)
    {
        Volatile.Write(ref *(int*)(s_page + Select), (int)register);
        Volatile.Write(ref *(int*)(s_page + Window), (int)value);
    }
}
