using Haltpoint.Arch.X86;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Debugging;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.MmioTrace;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Tasks;
using Haltpoint.Ring0.Watchdogs;

namespace Haltpoint.Ring0.Interrupts;

/// <summary>What becomes of an exception: mended, the debugger's, or the end.</summary>
internal static unsafe class Exceptions
{
    /// <returns>The frame to go on with.</returns>
    public static InterruptFrame* Handle(Cpu* cpu, InterruptFrame* frame)
    {
        if (frame->Vector == Vectors.Nmi)
        {
            // Entries.S counts down again on the way out.
            cpu->NmiDepth++;
            ulong faultAddress = Instructions.ReadFaultAddress();
            HandleNmi(cpu, frame);

            // What was interrupted may be a page fault that has not looked yet.
            Instructions.WriteFaultAddress(faultAddress);
            return frame;
        }

        if (TraceState.TryHold(cpu, frame) || (frame->Vector == Vectors.PageFault && AccessFault.TryHandle(cpu, ref frame) == AccessOutcome.Done))
        {
            return frame;
        }

        DebugStatus status = default;
        if (frame->Vector == Vectors.Debug)
        {
            status = BreakpointHits.Handle(cpu, frame, out bool isEmpty);
            if (UserTraps.IsUser(frame))
            {
                UserTraps.HandleDebug(cpu, frame, isEmpty, status);
                return frame;
            }

            if (status.HitSlots == 0 && !status.IsStep)
            {
                return frame; // hits of the kernel's own, or an exception that says nothing
            }
        }

        if (UserTraps.IsUser(frame) && frame->Vector != Vectors.DoubleFault)
        {
            UserTraps.Handle(cpu, frame);
            return frame;
        }

        if (SafeMemory.TryMend(frame) || Debugger.TryHandle(cpu, frame, status))
        {
            return frame;
        }

        Panic.Now(frame);
        return frame;
    }

    private static void HandleNmi(Cpu* cpu, InterruptFrame* frame)
    {
        if (TraceState.TryHold(cpu, frame))
        {
            return;
        }

        cpu->Nmis++;
        if (!Debugger.TryHandle(cpu, frame, default))
        {
            Panic.StopIfPanicking();
            cpu->UnknownNmis += Backtraces.TryAnswer(cpu, frame) || Hammer.TryTakeNmi() ? 0 : 1;
            DeafCpu.Obey(cpu);
        }
    }

    public static System.ReadOnlySpan<byte> Name(ulong vector) => vector switch
    {
        0 => "divide error"u8,
        Vectors.Debug => "debug exception"u8,
        Vectors.Nmi => "NMI"u8,
        Vectors.Breakpoint => "breakpoint"u8,
        4 => "overflow"u8,
        5 => "bound range exceeded"u8,
        6 => "invalid opcode"u8,
        7 => "no floating point"u8,
        Vectors.DoubleFault => "double fault"u8,
        10 => "invalid task state"u8,
        11 => "segment not present"u8,
        12 => "stack fault"u8,
        Vectors.GeneralProtection => "general protection fault"u8,
        Vectors.PageFault => "page fault"u8,
        16 => "floating-point error"u8,
        17 => "alignment check"u8,
        18 => "machine check"u8,
        19 => "SIMD floating-point error"u8,
        _ => "unknown exception"u8,
    };
}
