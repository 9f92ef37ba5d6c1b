using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>Requests on words of their own, and a look at which of them fire. For one test at a time.</summary>
internal static unsafe class Watched
{
    public const int All = SlotRequest.EveryCpu;
    public const int None = SlotRequest.NoTask;
    public const int Capacity = 320;

    private const int MostCpus = 4;

    private static Words s_words;
    private static Requests s_held;

    /// <summary>Places in use up to here; what was released in between is none.</summary>
    public static int Count { get; private set; }

    /// <summary>How many of them the pool has; the others were released.</summary>
    public static ref Held At(int index) => ref s_held[index];

    public static SlotRequest Request(int cpu, int task, SlotFlags flags = SlotFlags.None) => new()
    {
        Address = AddressOf(Count),
        Length = 1,
        Access = AccessKind.ReadWrite,
        Flags = flags | SlotFlags.Privileged,
        Cpu = cpu,
        Task = task,
    };

    public static ulong AddressOf(int word)
    {
        fixed (ulong* words = (Span<ulong>)s_words)
        {
            return (ulong)(words + word);
        }
    }

    /// <summary>Must be granted.</summary>
    /// <returns>Its place.</returns>
    public static int Take(int cpu, int task, SlotFlags flags = SlotFlags.None, ulong mask = 0)
    {
        SlotStatus status = BreakpointTable.Register(Request(cpu, task, flags), mask, null, 0, out SlotId id);
        Check.That(status == SlotStatus.Ok, $"({cpu}, {task}) is granted, not status {(int)status}");
        s_held[Count] = new Held { Id = id, Cpu = cpu, Task = task, Mask = mask };
        return Count++;
    }

    /// <summary>Must be granted so many times.</summary>
    public static void Fill(int count, int cpu, int task)
    {
        for (int i = 0; i < count; i++)
        {
            Take(cpu, task);
        }
    }

    public static void Refuse(int cpu, int task, ulong mask = 0, SlotStatus expected = SlotStatus.Exhausted)
    {
        SlotStatus status = BreakpointTable.Register(Request(cpu, task), mask, null, 0, out SlotId id);
        Check.That(status == expected && id.IsNone, $"({cpu}, {task}) is refused: status {(int)status}");
    }

    public static void Drop(int index)
    {
        SlotStatus status = BreakpointTable.Unregister(s_held[index].Id);
        Check.That(status == SlotStatus.Ok, $"number {index} is released: status {(int)status}");
        s_held[index].Id = SlotId.None;
    }

    /// <summary>Releases all, after which nothing may be counted anywhere.</summary>
    public static void End()
    {
        for (int i = 0; i < Count; i++)
        {
            if (!s_held[i].Id.IsNone)
            {
                Drop(i);
            }
        }

        Count = 0;
        Check.That(BreakpointTable.Pool.IsEmpty, $"every count is zero at the end");
    }

    /// <summary>Writes every word once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteAll()
    {
        for (int i = 0; i < Count; i++)
        {
            Volatile.Write(ref *(int*)AddressOf(i), i);
        }
    }

    public static long HitsOf(int index) => BreakpointTable.TryFind(s_held[index].Id, out Breakpoint* breakpoint) ? Volatile.Read(ref breakpoint->Hits) : 0;

    /// <summary>Lets each thread write every word on each of the first CPUs: what is for that thread and CPU must fire once, and nothing else.</summary>
    public static void FireEverywhere(Toucher* touchers, int count)
    {
        Span<long> before = stackalloc long[Count];
        for (int cpu = 0; cpu < CpuTable.Count && cpu < MostCpus; cpu++)
        {
            for (int toucher = 0; toucher < count; toucher++)
            {
                for (int i = 0; i < Count; i++)
                {
                    before[i] = HitsOf(i);
                }

                Toucher.Touch(touchers + toucher, cpu);
                for (int i = 0; i < Count; i++)
                {
                    bool applies = !s_held[i].Id.IsNone && s_held[i].IsOn(cpu) && (s_held[i].Task == None || s_held[i].Task == touchers[toucher].Task);
                    Check.Equal(applies ? 1 : 0, HitsOf(i) - before[i], $"({s_held[i].Cpu}, {s_held[i].Task}) on CPU {cpu} by thread {touchers[toucher].Task}");
                }
            }
        }
    }

    public struct Held
    {
        public SlotId Id;
        public int Cpu;
        public int Task;
        public ulong Mask;

        public readonly bool IsOn(int cpu) => Cpu == All || Cpu == cpu || (Cpu == SlotRequest.CpuMask && (Mask >> cpu & 1) != 0);
    }

    [InlineArray(Capacity)]
    private struct Words
    {
        private ulong _first;
    }

    [InlineArray(Capacity)]
    private struct Requests
    {
        private Held _first;
    }
}
