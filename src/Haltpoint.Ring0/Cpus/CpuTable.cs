using System.Runtime.CompilerServices;
using System.Threading;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Cpus;

/// <summary>Every CPU the machine has told us of, whether or not it has answered.</summary>
internal static unsafe class CpuTable
{
    private const uint MsrGsBase = 0xC000_0101;

    private static Pointers s_cpus;
    private static int s_count;
    private static long s_online;

    public static int Count => s_count;

    /// <summary>A bit for each CPU that takes interrupts, by its number. Grows only.</summary>
    public static ulong Online => (ulong)Volatile.Read(ref s_online);

    public static Cpu* At(int index) => (Cpu*)s_cpus[index];

    /// <summary>Gives a processor its data and the stacks of its exceptions. Called by the boot processor, on the kernel's page tables.</summary>
    public static Cpu* Add(uint apicId)
    {
        Cpu* cpu = (Cpu*)DirectMap.At(FrameAllocator.Allocate());
        cpu->Self = cpu;
        cpu->Index = s_count;
        cpu->ApicId = apicId;
        for (int stack = 1; stack <= InterruptStacks.Count; stack++)
        {
            cpu->TaskState.InterruptStacks[stack] = StackArea.Allocate();
        }

        // Last: what is mapped from here on is shared with every CPU of the table.
        cpu->PageRoot = PageTables.CreateRoot();
        s_cpus[s_count] = (nint)cpu;
        s_count++;
        return cpu;
    }

    /// <summary>Called on the CPU itself, before anything of it may fault.</summary>
    public static void MakeCurrent(Cpu* cpu)
    {
        Instructions.WritePageRoot(cpu->PageRoot);
        Descriptors.Load(&cpu->Descriptors, &cpu->TaskState);
        Instructions.WriteMsr(MsrGsBase, (ulong)cpu);
        InterruptTable.Load();
    }

    /// <summary>Called on the CPU itself, when it is ready for interrupts.</summary>
    public static void SetOnline(Cpu* cpu)
    {
        long seen;
        do
        {
            seen = Volatile.Read(ref s_online);
        }
        while (Interlocked.CompareExchange(ref s_online, seen | (1L << cpu->Index), seen) != seen);

        Volatile.Write(ref cpu->IsOnline, 1);
    }

    [InlineArray(Cpu.Max)]
    private struct Pointers
    {
        private nint _first;
    }
}
