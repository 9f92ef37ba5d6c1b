using System;
using Haltpoint.Arch.X86;
using Haltpoint.Arch.X86.Decoding;
using Haltpoint.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>A page fault at an armed page: the access is made for whoever wanted it, by the page's other address, and written down.</summary>
/// <remarks>
/// The page stays closed, so no other CPU can slip through meanwhile, and there is nothing to arm again. Usable in every context,
/// interrupt and NMI handlers included.
/// </remarks>
internal static unsafe class AccessFault
{
    private const ulong FromUser = 1 << 2;
    private const ulong InstructionFetch = 1 << 4;
    private const ulong TrapFlag = 1 << 8;
    private const ulong ResumeFlag = 1 << 16;
    private const ulong SingleStep = 1 << 14;
    private const byte Trap = 0xCC;

    /// <summary>Interrupts off.</summary>
    public static AccessOutcome TryHandle(Cpu* cpu, ref InterruptFrame* frame)
    {
        ulong address = Instructions.ReadFaultAddress();
        if (!DeviceArea.Contains(address) || (frame->ErrorCode & (FromUser | InstructionFetch)) != 0 || cpu->Trace.IsInside != 0)
        {
            return AccessOutcome.NotOurs;
        }

        TraceState.Enter(cpu);
        AccessOutcome outcome;
        ulong* entry = PageTables.Find(address, out _);
        if (entry == null || (*entry & (ulong)(PageFlags.Present | PageFlags.Trapped)) == 0)
        {
            outcome = AccessOutcome.NotOurs;
        }
        else if ((*entry & (ulong)PageFlags.Present) != 0)
        {
            // Disarmed while the fault was on its way (G-30): the instruction runs again.
            outcome = AccessOutcome.Done;
        }
        else
        {
            outcome = Make(cpu, ref frame, address);
        }

        TraceState.Exit(cpu);
        return outcome;
    }

    private static AccessOutcome Make(Cpu* cpu, ref InterruptFrame* frame, ulong address)
    {
        byte* code = stackalloc byte[MemoryInstruction.LongestInstruction];
        int count = (int)SafeMemory.Copy(code, (void*)frame->Rip, MemoryInstruction.LongestInstruction);
        if (count > 0 && code[0] == Trap)
        {
            // A debugger planted it after the fault.
            return AccessOutcome.Done;
        }

        PreparedCode.Slot* slot = PreparedCode.Find(cpu, frame->Rip, code, count);
        if (slot == null)
        {
            Tracer.GiveUp(cpu, address, frame->Rip, code);
            return AccessOutcome.Done;
        }

        AccessRun run = new(cpu, frame, slot);
        cpu->Trace.HeldDebugStatus = 0;
        cpu->Trace.Fault = 0;
        bool isDone = run.TryMake();
        if (!isDone)
        {
            frame->Vector = run.FaultVector;
            frame->ErrorCode = run.FaultCode;
            if (run.FaultVector == Vectors.PageFault)
            {
                Instructions.WriteFaultAddress(run.FaultAddress);
            }

            return AccessOutcome.Raised;
        }

        frame = run.Frame;
        frame->Rflags &= ~ResumeFlag;
        ulong status = cpu->Trace.HeldDebugStatus | run.WatchedSlots | ((frame->Rflags & TrapFlag) != 0 ? SingleStep : 0);
        if (status == 0)
        {
            return AccessOutcome.Done;
        }

        Instructions.WriteDebugRegister(6, DebugStatus.Reset | status);
        frame->Vector = Vectors.Debug;
        frame->ErrorCode = 0;
        return AccessOutcome.Raised;
    }
}
