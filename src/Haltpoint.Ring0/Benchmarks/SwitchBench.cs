using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Benchmarks;

/// <summary>Two threads that give up the same CPU to each other, each with watches of its own.</summary>
internal static unsafe class SwitchBench
{
    private const int Rounds = 11;
    private const int Switches = 2_000;

    private static Memory s_words;
    private static ulong s_cycles;
    private static int s_running;
    private static int s_isOver;

    public static void Run()
    {
        for (int round = 0; round < Rounds; round++)
        {
            Measure(0);
            Measure(1);
            Measure(DebugControl.SlotCount);
        }
    }

    private static void Measure(int watches)
    {
        int cpu = CpuTable.Count - 1;
        Volatile.Write(ref s_isOver, 0);
        Volatile.Write(ref s_running, 2);
        KernelThread* first = ThreadTable.Create("bench"u8, &Count, 0, 1UL << cpu);
        KernelThread* second = ThreadTable.Create("bench"u8, &Yield, 0, 1UL << cpu);
        if (first == null || second == null)
        {
            Commands.Print($"the table of threads is full\r\n");
            return;
        }

        for (int i = 0; i < watches; i++)
        {
            Watch(first, i);
            Watch(second, DebugControl.SlotCount + i);
        }

        long writes = CpuBanks.At(cpu)->Writes;
        Scheduler.MakeReady(second);
        Scheduler.MakeReady(first);
        while (Volatile.Read(ref s_running) > 0)
        {
            Scheduler.Sleep(10);
        }

        writes = CpuBanks.At(cpu)->Writes - writes;
        Figures.Print($"switch-{watches}", s_cycles, Switches);
        Commands.Print($"figure register-writes-{watches} {(writes + (Switches / 2)) / Switches}\r\n");
    }

    private static void Watch(KernelThread* thread, int word)
    {
        SlotRequest request = new()
        {
            Address = AddressOf(word),
            Length = 8,
            Access = AccessKind.Write,
            Flags = SlotFlags.Privileged,
            Cpu = SlotRequest.EveryCpu,
            Task = thread->Id - 1,
        };
        SlotStatus status = BreakpointTable.Register(request, 0, null, 0, out _);
        if (status != SlotStatus.Ok)
        {
            Commands.Print($"no slot: status {(int)status}\r\n");
        }
    }

    [UnmanagedCallersOnly]
    private static void Count(nint argument)
    {
        Instructions.Reschedule();
        ulong start = Instructions.Timestamp();
        for (int i = 0; i < Switches / 2; i++)
        {
            Instructions.Reschedule();
        }

        s_cycles = Instructions.Timestamp() - start;
        Volatile.Write(ref s_isOver, 1);
        Interlocked.Decrement(ref s_running);
    }

    [UnmanagedCallersOnly]
    private static void Yield(nint argument)
    {
        while (Volatile.Read(ref s_isOver) == 0)
        {
            Instructions.Reschedule();
        }

        Interlocked.Decrement(ref s_running);
    }

    private static ulong AddressOf(int word)
    {
        fixed (ulong* words = (Span<ulong>)s_words)
        {
            return (ulong)(words + word);
        }
    }

    [InlineArray(2 * DebugControl.SlotCount)]
    private struct Memory
    {
        private ulong _first;
    }
}
