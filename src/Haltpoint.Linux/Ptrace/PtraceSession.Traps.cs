using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// What a SIGTRAP means.
public sealed partial class PtraceSession
{
    private void OnTrap(Tracee tracee)
    {
        if (!tracee.TryGetSignalInfo(out SignalInfo info))
        {
            // Killed meanwhile; its end is on the way.
            return;
        }

        switch (info.Code)
        {
            case SignalInfo.Kernel:
                OnBreakpointTrap(tracee);
                break;
            case SignalInfo.TraceTrap:
            case SignalInfo.HardwareTrap:
                OnDebugException(tracee, info.Code == SignalInfo.TraceTrap);
                break;
            case SignalInfo.CallTrap when tracee.IsStepped:
                OnStep(tracee);
                break;
            default:
                // The program's own int1, or a SIGTRAP that somebody sent.
                OnOwnTrap(tracee);
                break;
        }
    }

    private static void OnOwnTrap(Tracee tracee)
    {
        if (!TryTakeSent(tracee, SignalNumber.Trap))
        {
            tracee.Report(StopKind.Signal, SignalNumber.Trap);
        }
    }

    private void OnBreakpointTrap(Tracee tracee)
    {
        if (!tracee.Registers.TryGetProgramCounter(out ulong next))
        {
            return;
        }

        ulong address = next - (ulong)TrapInstruction.X86.Length;
        switch (tracee.Process.Space.StateAt(address))
        {
            case TrapState.None:
                // An int3 of the program itself.
                tracee.Report(StopKind.Signal, SignalNumber.Trap);
                break;
            case TrapState.Planted:
                SetBack(tracee, address);
                JudgeBreakpoint(tracee, StopReason.SoftwareBreakpoint, address, tracee.Process.Space.ActionsAt(address));
                break;
            default:
                // It ran into the trap before the trap was taken away: nobody wants it any more.
                SetBack(tracee, address);
                break;
        }
    }

    // At once where the thread may come to run on without us: behind the trap it would be in the middle of an instruction.
    private static void SetBack(Tracee tracee, ulong address)
    {
        tracee.Registers.ProgramCounter = address;
        if (tracee.Process.Space.Guard is not null)
        {
            tracee.Registers.TryFlush();
        }
    }

    private void OnDebugException(Tracee tracee, bool isStep)
    {
        TraceeProcess process = tracee.Process;
        if (process.Hardware.RequestCount > 0 || tracee.HeldDebugRegisters.Control.IsAnyArmed)
        {
            int hitSlots = new TraceeBank(tracee).TakeStatus().HitSlots;
            OnWatchHits(tracee, hitSlots);
            while (!tracee.HasPending && process.Hardware.TryTakeHit(ref hitSlots, out HardwareHit hit))
            {
                if (hit.Kind == BreakpointKind.Hardware)
                {
                    OnHardwareBreakpoint(tracee, hit.Address);
                }
            }
        }

        if (!tracee.HasPending && isStep)
        {
            OnStep(tracee);
        }
    }

    private void OnHardwareBreakpoint(Tracee tracee, ulong address)
    {
        BreakpointActions actions = tracee.Process.HardwareActions.TryGetValue(address, out BreakpointActions? found) ? found : BreakpointActions.None;
        JudgeBreakpoint(tracee, StopReason.HardwareBreakpoint, address, actions);
    }

    private void OnStep(Tracee tracee)
    {
        if (tracee.Action == ResumeKind.Step)
        {
            ReportStep(tracee);
        }
        else if (tracee.Action == ResumeKind.StepRange && tracee.Registers.TryGetProgramCounter(out ulong counter))
        {
            if (counter < tracee.RangeStart || counter >= tracee.RangeEnd)
            {
                ReportStep(tracee);
            }
            else if (tracee.Process.Space.HasTraps && tracee.Process.Space.StateAt(counter) == TrapState.Planted)
            {
                // Not hit yet, but the next step would: the debugger is told here, where its breakpoint is.
                JudgeBreakpoint(tracee, StopReason.None, counter, tracee.Process.Space.ActionsAt(counter));
            }
        }
    }

    private static void ReportStep(Tracee tracee)
    {
        tracee.Report(StopKind.Signal, SignalNumber.Trap);
        tracee.IsPendingStep = true;
    }

    /// <summary>Reports a breakpoint, unless its conditions say that nobody is to hear of it.</summary>
    private void JudgeBreakpoint(Tracee tracee, StopReason reason, ulong address, BreakpointActions actions)
    {
        if (actions.IsReported(this, tracee))
        {
            tracee.Report(StopKind.Signal, SignalNumber.Trap, reason);
            tracee.PendingProgramCounter = address;
        }
        else
        {
            // A hardware breakpoint needs no step: the kernel resumes past it by itself.
            tracee.NeedsStepOver = reason != StopReason.HardwareBreakpoint;
        }
    }
}
