using System.Runtime.InteropServices;
using Haltpoint.Ring0.MmioTrace;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Cpus;

/// <summary>One processor's own data; GS points to it. The first four fields are at the offsets that Boot/Layout.inc gives.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Cpu
{
    public const int Max = 64;

    public Cpu* Self;

    /// <summary>The word to clear once this CPU is off the stack of the thread that it left: <see cref="KernelThread.IsOnStack"/>.</summary>
    public int* LeftStack;

    /// <summary>Where the stack of the thread that runs here begins: what comes from user mode goes there.</summary>
    public ulong KernelStack;

    /// <summary>Not 0 inside the NMI handler, where exceptions have to return without iret.</summary>
    public int NmiDepth;

    /// <summary>Its number: its place in the list of CPUs. The boot processor is 0.</summary>
    public int Index;

    public uint ApicId;

    /// <summary>Set by the CPU itself, once it takes interrupts; never cleared.</summary>
    public int IsOnline;

    /// <summary>Physical address of its top page table.</summary>
    public ulong PageRoot;

    /// <summary>The last request to forget translations that it has followed: <see cref="Memory.TranslationFlush"/>.</summary>
    public long FlushesDone;

    public TraceState Trace;

    /// <summary>Prepared instructions: <see cref="PreparedCode"/>.</summary>
    public byte* TraceSlots;

    /// <summary>A page for the operands of traced instructions: <see cref="AccessRun"/>.</summary>
    public byte* TraceBuffers;

    public KernelThread* Current;
    public KernelThread* Idle;
    public RunQueue Queue;

    public long Ticks;

    /// <summary>When the last tick was, in nanoseconds of the kernel's clock.</summary>
    public long TickTime;

    /// <summary>Not 0: the thread that runs keeps the CPU. Changed by that thread alone.</summary>
    public int PreemptionOff;

    /// <summary>The last grace period that it let pass.</summary>
    public long GracePeriod;

    public long Switches;
    public long Nmis;
    public long UnknownNmis;
    public long SpuriousInterrupts;

    public TaskState TaskState;
    public Descriptors Descriptors;
}
