using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Apic;

/// <summary>The calling CPU's interrupt controller: through model-specific registers where it has x2APIC, else through its page (SDM volume 3, chapter 10).</summary>
internal static unsafe class LocalApic
{
    private const uint MsrBase = 0x1B;
    private const ulong BaseEnabled = 1 << 11;
    private const ulong BaseX2 = 1 << 10;
    private const ulong BaseAddress = 0x000F_FFFF_FFFF_F000;
    private const uint MsrX2First = 0x800;

    // Offsets in the page; a sixteenth of them is the model-specific register.
    private const uint Id = 0x20;
    private const uint TaskPriority = 0x80;
    private const uint EndOfInterrupt = 0xB0;
    private const uint SpuriousVector = 0xF0;
    private const uint InService = 0x100;
    private const uint Command = 0x300;
    private const uint CommandHigh = 0x310;
    private const uint LvtTimer = 0x320;
    private const uint LvtLint0 = 0x350;
    private const uint LvtLint1 = 0x360;
    private const uint TimerInitial = 0x380;
    private const uint TimerCurrent = 0x390;
    private const uint TimerDivide = 0x3E0;

    private const uint SoftwareEnabled = 0x100;
    private const uint Masked = 1 << 16;
    private const uint Periodic = 1 << 17;
    private const uint DivideBy16 = 3;
    private const uint DeliveryNmi = 4 << 8;
    private const uint DeliveryInit = 5 << 8;
    private const uint DeliveryStartUp = 6 << 8;
    private const uint Assert = 1 << 14;
    private const uint Pending = 1 << 12;

    private static bool s_isX2;
    private static ulong s_page;

    public static bool IsX2 => s_isX2;

    /// <summary>Called once, on the boot processor and the kernel's page tables, before <see cref="Start"/>.</summary>
    public static void Find()
    {
        uint* features = stackalloc uint[4];
        Instructions.CpuId(1, 0, features);
        s_isX2 = (features[2] >> 21 & 1) != 0;
        if (!s_isX2)
        {
            s_page = (ulong)PageTables.MapDevice(Instructions.ReadMsr(MsrBase) & BaseAddress);
        }
    }

    /// <summary>Called on each CPU: interrupts come through, the timer stands still.</summary>
    public static void Start()
    {
        ulong mode = BaseEnabled | (s_isX2 ? BaseX2 : 0);
        Instructions.WriteMsr(MsrBase, Instructions.ReadMsr(MsrBase) | mode);
        Write(TaskPriority, 0);
        Write(LvtTimer, Masked);
        Write(LvtLint0, Masked);

        // On a PC the NMI line ends here.
        Write(LvtLint1, DeliveryNmi);
        Write(SpuriousVector, SoftwareEnabled | Vectors.Spurious);
    }

    /// <summary>The calling CPU's identifier; good before <see cref="Start"/>.</summary>
    public static uint OwnId()
    {
        if (s_isX2 && (Instructions.ReadMsr(MsrBase) & BaseX2) != 0)
        {
            return Read(Id);
        }

        uint* leaf = stackalloc uint[4];
        Instructions.CpuId(1, 0, leaf);
        return leaf[1] >> 24;
    }

    /// <summary>The class of vectors up to which interrupts wait; 0 lets all through (SDM volume 3, section 10.8.3.1).</summary>
    /// <param name="class">A vector without its low four bits.</param>
    public static void SetTaskPriority(int @class) => Write(TaskPriority, (uint)@class);

    /// <summary>Whether an interrupt was taken that awaits its end.</summary>
    public static bool IsInService(int vector) => (Read(InService + ((uint)vector / 32 * 0x10)) >> (vector % 32) & 1) != 0;

    public static void EndInterrupt() => Write(EndOfInterrupt, 0);

    public static void Send(uint apicId, int vector) => Send(apicId, Assert | (uint)vector);

    /// <summary>Usable in every context, the NMI handler included.</summary>
    public static void SendNmi(uint apicId) => Send(apicId, Assert | DeliveryNmi);

    public static void SendInit(uint apicId) => Send(apicId, Assert | DeliveryInit);

    /// <param name="page">Number of the page below 1 MiB where the processor begins, in real mode.</param>
    public static void SendStartUp(uint apicId, uint page) => Send(apicId, Assert | DeliveryStartUp | page);

    /// <summary>Counts down from the highest value, for who measures it.</summary>
    public static void StartCounter()
    {
        Write(LvtTimer, Masked);
        Write(TimerDivide, DivideBy16);
        Write(TimerInitial, uint.MaxValue);
    }

    /// <summary>What is left of the count.</summary>
    public static uint Counter => Read(TimerCurrent);

    /// <summary>An interrupt every <paramref name="count"/> of the counter's steps.</summary>
    public static void StartTimer(uint count)
    {
        Write(TimerDivide, DivideBy16);
        Write(LvtTimer, Periodic | Vectors.Timer);
        Write(TimerInitial, count);
    }

    private static void Send(uint apicId, uint command)
    {
        if (s_isX2)
        {
            Instructions.WriteMsr(MsrX2First + (Command >> 4), ((ulong)apicId << 32) | command);
            return;
        }

        // An interrupt between the two halves could send one of its own, and so could an NMI, which nothing holds off: the destination
        // is put back for whatever this code may have interrupted.
        ulong flags = Instructions.DisableInterrupts();
        WaitUntilSent();
        uint interrupted = Read(CommandHigh);
        Write(CommandHigh, apicId << 24);
        Write(Command, command);
        WaitUntilSent();
        Write(CommandHigh, interrupted);
        Instructions.RestoreInterrupts(flags);
    }

    private static void WaitUntilSent()
    {
        while ((Read(Command) & Pending) != 0)
        {
            Instructions.Pause();
        }
    }

    private static uint Read(uint register) =>
        s_isX2 ? (uint)Instructions.ReadMsr(MsrX2First + (register >> 4)) : (uint)Volatile.Read(ref *(int*)(s_page + register));

    private static void Write(uint register, uint value)
    {
        if (s_isX2)
        {
            Instructions.WriteMsr(MsrX2First + (register >> 4), value);
        }
        else
        {
            Volatile.Write(ref *(int*)(s_page + register), (int)value);
        }
    }
}
