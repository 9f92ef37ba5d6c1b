using System;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Serial;
using Haltpoint.Rsp;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

/// <summary>What an exception of a stopped CPU means to the debugger, and whether that still has to be told.</summary>
/// <remarks>Of whoever holds the master lock: only then the tables of breakpoints stand still.</remarks>
internal static unsafe class Hits
{
    private const int TrapSignal = 5;
    private const byte BreakpointOpcode = 0xCC;
    private const byte InterruptOpcode = 0xCD;

    public static bool IsWanted(int cpu)
    {
        ref StoppedCpu stopped = ref Debugger.Cpu(cpu);
        Judge(cpu, ref stopped);
        if (stopped.Cause == StopCause.BreakIn)
        {
            return DebugPort.Port.HasData;
        }

        if (stopped.Frame->Rip != stopped.HitAddress)
        {
            return false;
        }

        return stopped.Stop.Reason switch
        {
            StopReason.SoftwareBreakpoint => Debugger.Traps.StateAt(stopped.HitAddress) is TrapState.Planted or TrapState.Lifted,
            StopReason.None when stopped.Cause == StopCause.DebugException => stopped.IsStepEnd && stopped.IsPlanned && stopped.Plan != ResumeKind.Continue,
            StopReason.None => true,
            _ => HasSlot(stopped),
        };
    }

    /// <summary>Looks at the cause once. A trap's program counter goes back on the trap, where every debugger expects it.</summary>
    public static void Judge(int cpu, ref StoppedCpu stopped)
    {
        if (stopped.IsJudged || stopped.Frame == null)
        {
            return;
        }

        stopped.IsJudged = true;
        stopped.Stop = new StopEvent { Thread = MachineThreads.OfCpu(cpu), Kind = StopKind.Signal, Signal = TrapSignal };
        switch (stopped.Cause)
        {
            case StopCause.None:
                stopped.Stop.Signal = 0;
                break;
            case StopCause.Trap when IsPlanted(stopped.Frame->Rip - 1):
                stopped.Frame->Rip--;
                stopped.Stop.Reason = StopReason.SoftwareBreakpoint;
                break;
            case StopCause.DebugException:
                FindSlot(ref stopped);
                break;
            case StopCause.Fault:
                stopped.Stop.Signal = SignalOf(stopped.Frame->Vector);
                break;
        }

        stopped.HitAddress = stopped.Frame->Rip;
    }

    /// <summary>Whether a trap was the debugger's.</summary>
    /// <remarks>
    /// One whose instruction is there no more was, and has been removed since: the CPU was rounded up between the trap and its handler,
    /// and let go after the client had removed the breakpoint (D-15).
    /// </remarks>
    private static bool IsPlanted(ulong address)
    {
        if (Debugger.Traps.StateAt(address) != TrapState.None)
        {
            return true;
        }

        KernelMemory memory = default;
        Span<byte> code = stackalloc byte[2];
        if (!memory.TryRead(address - 1, code))
        {
            return false;
        }

        bool isOwn = code[1] == BreakpointOpcode || (code[0] == InterruptOpcode && code[1] == Vectors.Breakpoint);
        return !isOwn;
    }

    // Watches come before breakpoints: their access is done, the breakpoint's instruction is still to come.
    private static void FindSlot(ref StoppedCpu stopped)
    {
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if (!stopped.Status.IsHit(slot) || !Debugger.Slots.TryFind(stopped.Owners[slot], out DebuggerBreakpoint breakpoint))
            {
                continue;
            }

            bool isWatch = breakpoint.Kind != BreakpointKind.Hardware;
            stopped.PassAddress = isWatch ? stopped.PassAddress : stopped.Frame->Rip;
            if (isWatch || stopped.Stop.Reason == StopReason.None)
            {
                stopped.Stop.Address = breakpoint.Address;
                stopped.Stop.Reason = breakpoint.Kind switch
                {
                    BreakpointKind.Hardware => StopReason.HardwareBreakpoint,
                    BreakpointKind.WriteWatch => StopReason.WriteWatchpoint,
                    _ => StopReason.AccessWatchpoint,
                };
            }
        }
    }

    private static bool HasSlot(in StoppedCpu stopped)
    {
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if (stopped.Status.IsHit(slot) && Debugger.Slots.TryFind(stopped.Owners[slot], out _))
            {
                return true;
            }
        }

        return false;
    }

    private static int SignalOf(ulong vector) => vector switch
    {
        0 or 16 or 19 => 8, // SIGFPE
        6 => 4, // SIGILL
        12 or 17 => 7, // SIGBUS
        _ => 11, // SIGSEGV
    };
}
