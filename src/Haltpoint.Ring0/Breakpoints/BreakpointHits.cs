using System.Threading;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Breakpoints;

/// <summary>The debug exception: first whose registers fired, then what is left for others .</summary>
internal static unsafe class BreakpointHits
{
    private const ulong ResumeFlag = 1 << 16;
    private const ulong PrivilegeMask = 3;
    private const ulong EverySlot = 0xF;

    /// <summary>Called for #DB on its own stack, interrupts off. Reads the status register and clears it.</summary>
    /// <param name="cpu">Where.</param>
    /// <param name="frame">What was interrupted.</param>
    /// <param name="isEmpty">The processor says nothing at all.</param>
    /// <returns>What happened beside the hits of the kernel's breakpoints.</returns>
    public static DebugStatus Handle(Cpu* cpu, InterruptFrame* frame, out bool isEmpty)
    {
        DebugStatus status = new(Instructions.ReadDebugRegister(6));
        Instructions.WriteDebugRegister(6, DebugStatus.Reset);
        isEmpty = status.Bits == DebugStatus.Reset;
        CpuBank* bank = CpuBanks.At(cpu->Index);
        int hits = bank->Desired.HitsOf(status);
        ulong left = (status.Bits & ~EverySlot) | (uint)hits;
        if (hits == 0)
        {
            return new DebugStatus(left);
        }

        // What a handler touches may be watched as well, and the stack of this exception holds one of them.
        Volatile.Write(ref bank->IsHandling, 1);
        bank->TryWrite(IDebugRegisterBank.Control, 0);
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if ((hits >> slot & 1) == 0)
            {
                continue;
            }

            if (IsOfTracer(cpu, bank->Desired.OwnerOf(slot)) && !IsUser(frame))
            {
                left &= ~(1UL << slot); // the kernel on behalf of the task
            }
            else if (BreakpointTable.TryFind(bank->Desired.OwnerOf(slot), out Breakpoint* breakpoint))
            {
                left &= ~(1UL << slot);
                Hit(cpu, frame, breakpoint);
            }
        }

        Volatile.Write(ref bank->IsHandling, 0);
        bank->TryWrite(IDebugRegisterBank.Control, bank->Desired.Image.Control.Bits);
        return new DebugStatus(left);
    }

    private static void Hit(Cpu* cpu, InterruptFrame* frame, Breakpoint* breakpoint)
    {
        if (breakpoint->Request.Access == AccessKind.Execute)
        {
            frame->Rflags |= ResumeFlag; // it has not been executed, and shall not be hit again for this time
        }

        if (!IsUser(frame) && (breakpoint->Request.Flags & SlotFlags.UserOnly) != 0)
        {
            return;
        }

        Interlocked.Add(ref breakpoint->Hits, 1);
        AddCpu(ref breakpoint->HitCpus, 1L << cpu->Index);
        breakpoint->LastInstruction = frame->Rip;
        breakpoint->LastThread = cpu->Current->Id;
        if (breakpoint->Handler != null)
        {
            breakpoint->Handler(breakpoint, frame);
        }
    }

    private static bool IsUser(InterruptFrame* frame) => (frame->Cs & PrivilegeMask) != 0;

    private static bool IsOfTracer(Cpu* cpu, SlotId owner) => cpu->Current->Task != null && cpu->Current->Task->Registers.Has(owner);

    private static void AddCpu(ref long cpus, long bit)
    {
        long seen;
        do
        {
            seen = Volatile.Read(ref cpus);
        }
        while (Interlocked.CompareExchange(ref cpus, seen | bit, seen) != seen);
    }
}
