using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Devices;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>Every CPU at once at one traced page, in a number of rounds that is told: whoever reads the trace can count.</summary>
/// <remarks>The page is memory, which takes accesses of every width; and beside it the registers of the edu device, which QEMU can trace itself.</remarks>
internal static unsafe class Hammer
{
    private const int SlotLength = 256;
    private const int SharedOffset = 15 * SlotLength;
    private const int InterruptOffset = SharedOffset + 64;
    private const int MostCpus = 15;
    private const int MemoryLength = 64;

    private static DeviceMapping s_page;
    private static int s_rounds;
    private static int s_waiting;
    private static int s_working;
    private static int s_wrong;
    private static int s_nmis;
    private static int s_takesNmis;
    private static int s_inNmis;

    /// <summary>Maps the page, lets a thread of each CPU go at it, and takes it away again.</summary>
    /// <returns>Whether every value was what it had to be.</returns>
    public static bool Run(int rounds)
    {
        ulong frame = FrameAllocator.Allocate();
        s_page = DeviceMapping.Map(frame, PageTables.PageSize);
        s_rounds = rounds;
        int cpus = Math.Min(CpuTable.Count, MostCpus);
        s_waiting = cpus;
        s_working = cpus;
        Volatile.Write(ref s_takesNmis, 1);
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            if (ThreadTable.Start("hammer"u8, &Work, cpu, 1UL << cpu) == null)
            {
                return false;
            }
        }

        // NMIs meanwhile, whose handler uses the page too.
        int sent = 0;
        while (Volatile.Read(ref s_working) > 0)
        {
            LocalApic.SendNmi(CpuTable.At(sent % cpus)->ApicId);
            sent++;
            Scheduler.Sleep(10);
        }

        Volatile.Write(ref s_takesNmis, 0);
        while (Volatile.Read(ref s_inNmis) > 0)
        {
            Instructions.Pause();
        }

        int nmis = Volatile.Read(ref s_nmis);
        Tracer.Mark($"hammer: {cpus} CPUs, {rounds} rounds, {nmis} NMIs, {s_wrong} wrong");
        byte* memory = DirectMap.At(frame);
        bool isRight = s_wrong == 0
            && *(uint*)(memory + SharedOffset) == (uint)(cpus * rounds)
            && *(ulong*)(memory + SharedOffset + 8) == (ulong)(3L * cpus * rounds)
            && *(uint*)(memory + InterruptOffset) == (uint)nmis;
        s_page.Unmap();
        return isRight;
    }

    /// <summary>An NMI that nobody else wanted.</summary>
    /// <returns>Whether the hammer did.</returns>
    public static bool TryTakeNmi()
    {
        // Before the look: whoever ends the hammering waits for those who have looked.
        Interlocked.Increment(ref s_inNmis);
        bool takes = Volatile.Read(ref s_takesNmis) != 0;
        if (takes)
        {
            Count(s_page.Registers + InterruptOffset);
            Interlocked.Increment(ref s_nmis);
        }

        Interlocked.Decrement(ref s_inNmis);
        return takes;
    }

    [UnmanagedCallersOnly]
    private static void Work(nint cpu)
    {
        byte* memory = stackalloc byte[MemoryLength];
        for (int i = 0; i < MemoryLength; i++)
        {
            memory[i] = (byte)(0xA0 + i);
        }

        // All at once: the last to come lets everybody go.
        Interlocked.Decrement(ref s_waiting);
        while (Volatile.Read(ref s_waiting) > 0)
        {
            Instructions.Pause();
        }

        byte* own = s_page.Registers + (SlotLength * (int)cpu);
        for (int round = 1; round <= s_rounds; round++)
        {
            if (Round(own, s_page.Registers + SharedOffset, (ulong)round, memory) == 0)
            {
                Interlocked.Increment(ref s_wrong);
            }

            if (EduDriver.Mapping.Registers != null)
            {
                Device(EduDriver.Mapping.Registers + EduDriver.Source, ((ulong)cpu << 32) | (uint)round);
            }
        }

        Interlocked.Decrement(ref s_working);
    }

    [RuntimeImport("*", "hammer_round")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern int Round(byte* own, byte* shared, ulong number, byte* memory);

    [RuntimeImport("*", "hammer_device")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Device(byte* registers, ulong number);

    [RuntimeImport("*", "hammer_count")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Count(byte* register);
}
