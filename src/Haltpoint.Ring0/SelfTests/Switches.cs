using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>More threads than CPUs, pre-empted and moved at any time, each with watches of its own on words that all of them write: each must see its own writes, all of them, and no other's.</summary>
internal static unsafe class Switches
{
    private const int Threads = 12;
    private const int Writes = 400;
    private const int Words = 4;

    private static Members s_members;
    private static int s_isBegun;
    private static int s_left;
    private static Memory s_words;

    public static void Run()
    {
        Volatile.Write(ref s_isBegun, 0);
        Volatile.Write(ref s_left, Threads);
        int expected = 0;
        for (int i = 0; i < Threads; i++)
        {
            KernelThread* thread = ThreadTable.Create("switched"u8, &Work, i);
            if (!Check.That(thread != null, $"a thread can be made"))
            {
                return;
            }

            // Of some threads none, one, two ... four of the words.
            s_members[i].Thread = thread;
            s_members[i].Count = i % (Words + 1);
            for (int word = 0; word < s_members[i].Count; word++)
            {
                SlotRequest request = new()
                {
                    Address = AddressOf((i + word) % Words),
                    Length = 8,
                    Access = AccessKind.Write,
                    Flags = SlotFlags.Privileged,
                    Cpu = SlotRequest.EveryCpu,
                    Task = thread->Id - 1,
                };
                SlotStatus status = BreakpointTable.Register(request, 0, &Count, (nint)i, out _);
                Check.That(status == SlotStatus.Ok, $"a watch of a thread: status {(int)status}");
            }

            s_members[i].Hits = 0;
            s_members[i].Strangers = 0;
            expected += s_members[i].Count;
            Scheduler.MakeReady(thread);
        }

        Volatile.Write(ref s_isBegun, 1);
        while (Volatile.Read(ref s_left) > 0)
        {
            Scheduler.Sleep(10);
        }

        for (int i = 0; i < Threads; i++)
        {
            while (Volatile.Read(ref *(int*)&s_members[i].Thread->State) != (int)ThreadState.Free)
            {
                Scheduler.Sleep(1);
            }

            Check.Equal(Writes * s_members[i].Count, s_members[i].Hits, $"hits of thread {i} with {s_members[i].Count} watches");
            Check.Equal(0, s_members[i].Strangers, $"hits of others for thread {i}");
        }

        Check.That(expected > 0 && BreakpointTable.Pool.IsEmpty, $"every count is zero at the end");
        Check.Case($"{Threads} threads, {expected} watches, {Writes} writes of each thread to each word");
    }

    [UnmanagedCallersOnly]
    private static void Work(nint number)
    {
        while (Volatile.Read(ref s_isBegun) == 0)
        {
            Scheduler.Sleep(1);
        }

        for (int i = 0; i < Writes; i++)
        {
            for (int word = 0; word < Words; word++)
            {
                Volatile.Write(ref *(long*)AddressOf(word), i);
                Spin(20 * (int)(number + 1));
            }

            if (i % 64 == (int)number)
            {
                Scheduler.Sleep(1);
            }
        }

        Interlocked.Decrement(ref s_left);
    }

    private static void Count(Breakpoint* breakpoint, Interrupts.InterruptFrame* frame)
    {
        ref Member member = ref s_members[(int)breakpoint->Argument];
        Interlocked.Add(ref member.Hits, 1);
        if (Cpus.Instructions.Current()->Current != member.Thread)
        {
            Interlocked.Add(ref member.Strangers, 1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Spin(int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            Cpus.Instructions.Pause();
        }
    }

    private static ulong AddressOf(int word)
    {
        fixed (ulong* words = (Span<ulong>)s_words)
        {
            return (ulong)(words + word);
        }
    }

    private struct Member
    {
        public KernelThread* Thread;
        public int Count;
        public long Hits;
        public long Strangers;
    }

    [InlineArray(Threads)]
    private struct Members
    {
        private Member _first;
    }

    [InlineArray(Words)]
    private struct Memory
    {
        private ulong _first;
    }
}
