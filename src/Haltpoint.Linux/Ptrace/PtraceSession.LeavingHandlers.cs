using System;
using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Guarding;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Ptrace;

// In the guardian: threads that were given a fault or trap which the server had not taken, and stand in the handler of ours since.
public sealed partial class PtraceSession
{
    /// <summary>Takes over the program's actions from a server that is gone, to be put back with the pages.</summary>
    private static void AdoptActions(TraceeProcess process, TrappedSpace traps, in GuardedProcess left)
    {
        if (left.HasActions == 0 || traps.Scratch == 0)
        {
            return;
        }

        traps.Actions.PlaceIn(traps.Scratch);
        traps.Actions.Begin(process.Id, left.Segment, left.Trap);
        traps.Actions.Set(process.Space, SignalNumber.Segment, left.Segment);
        traps.Actions.Set(process.Space, SignalNumber.Trap, left.Trap);
    }

    /// <summary>Takes a stopped thread back to where the signal came that it is in our handler for, if it is.</summary>
    private void LeaveHandler(Tracee tracee)
    {
        if (tracee.Process.Space.PageTraps is not { Scratch: not 0 } traps || !tracee.Registers.TryRead(UserRegister.Rsp, out ulong stack)
            || !HandlerCode.TryFindFrame(traps.Scratch, tracee.Registers.ProgramCounter, stack, out ulong frame))
        {
            return;
        }

        SignalInfo info = default;
        Span<byte> infoBytes = MemoryMarshal.AsBytes(new Span<SignalInfo>(ref info));
        if (tracee.Process.Space.Memory.Read(frame + HandlerCode.FrameInfo, infoBytes) != infoBytes.Length)
        {
            return;
        }

        // The kernel puts everything back that it has saved.
        tracee.Registers.TryWrite(UserRegister.Rsp, frame + sizeof(ulong));
        tracee.Registers.TryWrite(UserRegister.Rax, (ulong)CallNumber.SignalReturn);
        tracee.Registers.TryWrite(UserRegister.OrigRax, NoCall);
        tracee.Registers.TryWrite(UserRegister.Rip, traps.SystemCallInstruction);
        if (CallToEnd(tracee, isInCall: false) == StepEnd.Done)
        {
            TakeSignalOfHandler(tracee, traps, info);
        }
    }

    // What it was given the signal for is over, or happens again when it runs; one that somebody sent is the program's.
    private static void TakeSignalOfHandler(Tracee tracee, TrappedSpace traps, in SignalInfo info)
    {
        bool isBreakpoint = info is { Signal: SignalNumber.Trap, Code: SignalInfo.Kernel };
        ulong before = tracee.Registers.ProgramCounter - (ulong)TrapInstruction.X86.Length;
        if (isBreakpoint && tracee.Process.Space.StateAt(before) != TrapState.None)
        {
            tracee.Registers.ProgramCounter = before;
        }
        else if ((isBreakpoint && !traps.IsOurs(before)) || (info.Code <= 0 && ProgramActions.IsAbout(info.Signal)))
        {
            tracee.Held.Add(info.Signal, info);
        }
    }
}
