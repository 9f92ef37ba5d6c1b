using System;
using System.Numerics;
using System.Threading;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Breakpoints;

/// <summary>The one place that programs debug registers: from what the pool has for the CPU and for the thread that runs on it, the debugger's included.</summary>
internal static unsafe class CpuBanks
{
    public static CpuBank* At(int cpu)
    {
        fixed (CpuBank* banks = (Span<CpuBank>)BreakpointStorage.At->Banks)
        {
            return banks + cpu;
        }
    }

    /// <summary>Called on the CPU when it is in the list of those online, before it runs a thread.</summary>
    public static void CpuOnline(Cpu* cpu)
    {
        At(cpu->Index)->IsInterrupted = 1; // nobody has written the registers yet
        Update(cpu);
    }

    /// <summary>Called with interrupts off, the new thread being the current one, before its first instruction.</summary>
    public static void Switch(Cpu* cpu)
    {
        if (At(cpu->Index)->IsOfThread || Volatile.Read(ref cpu->Current->Breakpoints) != 0)
        {
            Update(cpu);
        }
    }

    /// <summary>The next turn of those that share registers.</summary>
    public static void Tick(Cpu* cpu)
    {
        if (BreakpointTable.AreAnyFlexible)
        {
            Update(cpu);
        }
    }

    /// <summary>Another CPU has changed the pool.</summary>
    public static void Notice(Cpu* cpu) => Update(cpu);

    /// <summary>Makes a change of the pool effective on the online CPUs of a mask, and waits until it is. Interrupts must be on, and no lock held.</summary>
    /// <param name="cpus">A bit for each CPU.</param>
    /// <param name="task">Where another thread runs there is nothing to change; <see cref="SlotRequest.NoTask"/> for whatever runs.</param>
    public static void Spread(ulong cpus, int task)
    {
        Span<int> tickets = stackalloc int[Cpu.Max];
        ulong flags = Instructions.DisableInterrupts();
        Cpu* self = Instructions.Current();
        ulong awaited = 0;
        for (ulong left = cpus & CpuTable.Online; left != 0; left &= left - 1)
        {
            Cpu* cpu = CpuTable.At(BitOperations.TrailingZeroCount(left));
            if (task != SlotRequest.NoTask && NumberOf(cpu) != task)
            {
                continue;
            }

            tickets[cpu->Index] = Interlocked.Increment(ref At(cpu->Index)->Wanted);
            if (cpu == self)
            {
                Update(cpu);
            }
            else
            {
                awaited |= 1UL << cpu->Index;
                LocalApic.Send(cpu->ApicId, Vectors.Breakpoints);
            }
        }

        Instructions.RestoreInterrupts(flags);
        for (; awaited != 0; awaited &= awaited - 1)
        {
            int cpu = BitOperations.TrailingZeroCount(awaited);
            while (Volatile.Read(ref At(cpu)->Done) - tickets[cpu] < 0)
            {
                Instructions.Pause();
            }
        }
    }

    /// <summary>For the debugger, while the world is stopped: writes down for every CPU what it should hold.</summary>
    /// <returns>False when a stopped CPU is inside the pool: nothing is changed.</returns>
    public static bool TryLayOut()
    {
        Span<SlotPlacement> placed = stackalloc SlotPlacement[DebugControl.SlotCount];
        for (int i = 0; i < CpuTable.Count; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            int running = cpu->Current == null ? SlotRequest.NoTask : NumberOf(cpu);
            if (BreakpointTable.Pool.Layout(i, new ReadOnlySpan<int>(in running), (uint)cpu->Ticks, SlotWait.Never, placed, out int count) != SlotStatus.Ok)
            {
                return false;
            }

            // For one that is not stopped, too: it may be reading the pool at this moment.
            At(i)->Desired.Set(placed[..count]);
            Interlocked.Increment(ref At(i)->Wanted);
        }

        return true;
    }

    /// <summary>For the debugger, on a CPU that comes in.</summary>
    public static void Disarm(int cpu) => At(cpu)->TryWrite(IDebugRegisterBank.Control, 0);

    /// <summary>For the debugger, on a CPU that leaves.</summary>
    public static void Rearm(int cpu)
    {
        CpuBank* bank = At(cpu);
        WriteAll(bank);
        Volatile.Write(ref bank->IsInterrupted, 1);
    }

    // Interrupts are off. An NMI may come at any point, and with it the debugger, which then leaves the registers as it wants them.
    private static void Update(Cpu* cpu)
    {
        CpuBank* bank = At(cpu->Index);
        Span<SlotPlacement> placed = stackalloc SlotPlacement[DebugControl.SlotCount];
        bool isAgain;
        do
        {
            bool isFromScratch = Interlocked.Exchange(ref bank->IsInterrupted, 0) != 0;
            int wanted = Volatile.Read(ref bank->Wanted);
            int running = NumberOf(cpu);
            BreakpointTable.Pool.Layout(cpu->Index, new ReadOnlySpan<int>(in running), (uint)cpu->Ticks, SlotWait.ForLock, placed, out int count);
            bank->Layouts++;
            bank->IsOfThread = cpu->Current->Breakpoints != 0;
            SlotBank next = bank->Desired;
            next.Set(placed[..count]);
            Program(bank, next, isFromScratch);
            isAgain = Volatile.Read(ref bank->IsInterrupted) != 0 || Volatile.Read(ref bank->Wanted) != wanted;
            if (!isAgain)
            {
                Volatile.Write(ref bank->Done, wanted);
            }
        }
        while (isAgain);
    }

    private static void Program(CpuBank* bank, in SlotBank next, bool isFromScratch)
    {
        if (isFromScratch)
        {
            bank->TryWrite(IDebugRegisterBank.Control, 0);
            bank->Desired = next;
            WriteAll(bank);
            return;
        }

        // Off first, so that no exception finds another owner than the one whose register fired.
        if (!next.Image.Is(bank->Held) && bank->Held.Control.Bits != 0)
        {
            bank->TryWrite(IDebugRegisterBank.Control, 0);
        }

        bank->Desired = next;
        DebugRegisterBanks.TryProgram(ref *bank, next.Image);
    }

    private static void WriteAll(CpuBank* bank)
    {
        DebugRegisterImage image = bank->Desired.Image;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            bank->TryWrite(slot, image.GetAddress(slot));
        }

        bank->TryWrite(IDebugRegisterBank.Control, bank->IsHandling != 0 ? 0 : image.Control.Bits);
    }

    private static int NumberOf(Cpu* cpu) => cpu->Current->Id - 1;
}
