using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>What a hit is and does: once for each access, before or after it; moved, taken in turns, and there from the first instruction.</summary>
internal static unsafe class Hits
{
    private const int All = Watched.All;
    private const int None = Watched.None;
    private const int Calls = 100;
    private const int Rotating = 9;
    private const ulong Patience = 20_000_000;

    private static long s_handled;
    private static long s_seen;
    private static int s_started;

    public static void Run()
    {
        Execution();
        Handlers();
        Forbidden();
        Moves();
        Turns();
        FirstInstruction();
    }

    private static void Execution()
    {
        SlotRequest request = Watched.Request(All, None);
        request.Access = AccessKind.Execute;
        request.Address = (ulong)(delegate*<int, int>)&Called;
        request.Length = sizeof(ulong);
        SlotStatus status = BreakpointTable.Register(request, 0, null, 0, out SlotId id);
        Check.That(status == SlotStatus.Ok, $"an execute breakpoint: status {(int)status}");
        int sum = 0;
        for (int i = 0; i < Calls; i++)
        {
            sum += Called(i);
        }

        if (BreakpointTable.TryFind(id, out Breakpoint* breakpoint))
        {
            Check.Equal(Calls * (Calls + 1) / 2, sum, $"what the function computed");
            Check.Equal(Calls, breakpoint->Hits, $"hits");
            Check.That(breakpoint->LastInstruction == request.Address, $"it hits before the instruction");
        }

        BreakpointTable.Unregister(id);
        Called(0);
        Watched.End();
        Check.Case($"A-96: {Calls} calls of a function with a breakpoint on it, each hit once");
    }

    private static void Handlers()
    {
        s_handled = 0;
        SlotRequest request = Watched.Request(All, None);
        request.Access = AccessKind.Write;
        request.Length = 8;
        BreakpointTable.Register(request, 0, &Handle, 42, out SlotId id);
        long* word = (long*)request.Address;
        for (int i = 1; i <= Calls; i++)
        {
            Volatile.Write(ref *word, i);
            Check.Equal(i, Volatile.Read(ref s_seen), $"the value after the access");
        }

        long read = Volatile.Read(ref *word);
        Check.Equal(Calls * 42, Volatile.Read(ref s_handled), $"sum of what the handler was given, {read} writes");
        BreakpointTable.Unregister(id);
        Watched.End();
        Check.Case($"A-101: a handler for each write, after it; none for reads");
    }

    private static void Handle(Breakpoint* breakpoint, InterruptFrame* frame)
    {
        s_handled += breakpoint->Argument;

        // It is watched, and no exception may come of it here.
        s_seen = *(long*)breakpoint->Request.Address;
        *(long*)breakpoint->Request.Address = s_seen;
    }

    private static void Forbidden()
    {
        Refuse(AccessKind.Execute, Boot.ImageLayout.InterruptEntries(), sizeof(ulong), SlotStatus.Forbidden, "the way into an exception"u8);
        Refuse(AccessKind.Execute, (ulong)(delegate*<Cpu*, void>)&CpuBanks.Switch, sizeof(ulong), SlotStatus.Forbidden, "what programs the registers"u8);
        Refuse(AccessKind.Write, InterruptTable.Address, 8, SlotStatus.Forbidden, "the interrupt table"u8);
        Refuse(AccessKind.ReadWrite, (ulong)BreakpointStorage.At, 8, SlotStatus.Forbidden, "the pool itself"u8);
        Refuse(AccessKind.Read, Watched.AddressOf(0), 8, SlotStatus.BadAccess, "reads alone"u8);
        Refuse(AccessKind.Write, Watched.AddressOf(0) + 4, 8, SlotStatus.BadAddress, "a word that is not aligned"u8);
        Refuse(AccessKind.Execute, (ulong)(delegate*<int, int>)&Called, 1, SlotStatus.BadLength, "execution with a length"u8);
        Watched.End();
        Check.Case($"A-19 to A-26: what cannot or must not be watched is refused");
    }

    private static void Refuse(AccessKind access, ulong address, ulong length, SlotStatus expected, ReadOnlySpan<byte> what)
    {
        SlotRequest request = Watched.Request(All, None);
        request.Access = access;
        request.Address = address;
        request.Length = length;
        SlotStatus status = BreakpointTable.Register(request, 0, null, 0, out SlotId id);
        Check.That(status == expected && id.IsNone, $"{what} is refused: status {(int)status}");
    }

    private static void Moves()
    {
        Watched.Fill(4, All, None);
        SlotRequest other = Watched.Request(All, None); // the next word, that nobody watches
        SlotId id = Watched.At(0).Id;
        Check.That(BreakpointTable.Modify(id, other) == SlotStatus.Ok, $"with all slots taken one can move");
        Volatile.Write(ref *(int*)Watched.AddressOf(0), 1);
        Check.Equal(0, Watched.HitsOf(0), $"hits at the old address");
        Volatile.Write(ref *(int*)other.Address, 1);
        Check.Equal(1, Watched.HitsOf(0), $"hits at the new address");

        SlotRequest wrong = other;
        wrong.Length = 3;
        Check.That(BreakpointTable.Modify(id, wrong) == SlotStatus.BadLength, $"a length that there is not is refused");
        Volatile.Write(ref *(int*)other.Address, 1);
        Check.Equal(2, Watched.HitsOf(0), $"refused, it is as it was (A-82)");

        SlotRequest off = other;
        off.Flags |= SlotFlags.Disabled;
        Check.That(BreakpointTable.Modify(id, off) == SlotStatus.Ok, $"it can be disabled");
        Volatile.Write(ref *(int*)other.Address, 1);
        Check.Equal(2, Watched.HitsOf(0), $"disabled, it does not hit");
        Watched.Refuse(0, None);
        off.Access = AccessKind.Execute;
        off.Address = (ulong)(delegate*<int, int>)&Called;
        off.Length = sizeof(ulong);
        off.Flags &= ~SlotFlags.Disabled;
        Check.That(BreakpointTable.Modify(id, off) == SlotStatus.Ok, $"it can become a breakpoint");
        Called(1);
        Check.Equal(3, Watched.HitsOf(0), $"and hits as that");
        Watched.WriteAll();
        Check.Equal(1, Watched.HitsOf(3), $"the others hit all the time");
        Watched.End();
        Check.Case($"A-81, A-82, A-15: modified in place, the slot is kept");
    }

    private static void Turns()
    {
        Watched.Fill(3, All, None);
        for (int i = 0; i < Rotating; i++)
        {
            Watched.Take(All, None, SlotFlags.Flexible);
        }

        Watched.Refuse(0, None); // the last slot is the one that they share
        long rounds = 0;
        int silent;
        ulong start = Clock.Microseconds;
        do
        {
            Watched.WriteAll();
            rounds++;
            silent = 0;
            for (int i = 3; i < 3 + Rotating; i++)
            {
                silent += Watched.HitsOf(i) == 0 ? 1 : 0;
            }
        }
        while (silent > 0 && Clock.Microseconds - start < Patience);

        Check.Equal(0, silent, $"flexible ones that never had a turn");
        long shared = 0;
        for (int i = 3; i < 3 + Rotating; i++)
        {
            shared += Watched.HitsOf(i);
        }

        Check.That(shared <= rounds + (Rotating * 2), $"{shared} hits of those that share a register, in {rounds} rounds");
        for (int i = 0; i < 3; i++)
        {
            Check.Equal(rounds, Watched.HitsOf(i), $"pinned ones miss nothing meanwhile");
        }

        Watched.End();
        Check.Case($"A-10: {Rotating} flexible ones take turns in one register, beside three pinned ones");
    }

    private static void FirstInstruction()
    {
        KernelThread* thread = ThreadTable.Create("watched"u8, &Started, 0);
        SlotRequest request = Watched.Request(All, thread->Id - 1);
        request.Access = AccessKind.Execute;
        request.Address = ThreadEntry.Address();
        request.Length = sizeof(ulong);
        s_started = 0;
        SlotStatus status = BreakpointTable.Register(request, 0, &RecordStart, 0, out SlotId id);
        Check.That(status == SlotStatus.Ok, $"a breakpoint of a thread that has not begun: status {(int)status}");
        s_handled = 0;
        Scheduler.MakeReady(thread);
        while (Volatile.Read(ref *(int*)&thread->State) != (int)ThreadState.Free)
        {
            Scheduler.Sleep(1);
        }

        Check.Equal(1, Volatile.Read(ref s_handled), $"hits on its first instruction");
        Check.Equal(1, Volatile.Read(ref s_started), $"it ran");
        Check.That(BreakpointTable.Unregister(id) == SlotStatus.NotFound, $"what it had has ended with it");
        Watched.End();
        Check.Case($"a new thread has its breakpoints before its first instruction, and none after its last");
    }

    private static void RecordStart(Breakpoint* breakpoint, InterruptFrame* frame) => s_handled += s_started == 0 ? 1 : 100;

    [UnmanagedCallersOnly]
    private static void Started(nint argument) => Volatile.Write(ref s_started, 1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Called(int value) => value + 1;
}
