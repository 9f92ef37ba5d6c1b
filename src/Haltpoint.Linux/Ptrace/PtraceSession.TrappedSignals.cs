using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Ptrace;

// Handlers whose frame the kernel puts on a trapped stack: it finds nothing there, and ends the process (sigaction(2)).
public sealed unsafe partial class PtraceSession
{
    // More than any state that x86 processors save, AMX tiles included (getauxval(3), AT_MINSIGSTKSZ).
    private const ulong LongestFrame = 16384;

    // Below the stack pointer a function may keep data without moving it (System V ABI for x86-64, 3.2.2).
    private const ulong RedZone = 128;

    /// <summary>Prepares what a thread does at the signal that it is about to get: its action is in place, and the frame of its handler can be written.</summary>
    private void PrepareSignal(Tracee tracee)
    {
        int signal = NextSignal(tracee);
        if (signal == 0 || tracee.Process.Space.PageTraps is not { } traps)
        {
            return;
        }

        SignalMasks masks = SignalMasks.Read(tracee.Thread);
        bool isLent = ProgramActions.IsAbout(signal) && traps.Actions.StandIn(tracee);
        if (isLent ? TryLendAction(tracee, traps, signal) : traps.IsArmed && masks.Catches(signal))
        {
            StartHandler(tracee, traps, signal, isLent, masks.Blocked);
        }
    }

    /// <summary>Starts a handler whose frame may be on trapped pages with those in place, all other threads held, up to its first instruction.</summary>
    /// <remarks>One whose action is lent is started in any case, so that it can be taken back.</remarks>
    private void StartHandler(Tracee tracee, TrappedSpace traps, int signal, bool isLent, ulong blocked)
    {
        AddressSpace space = tracee.Process.Space;
        if (!tracee.Registers.TryRead(UserRegister.Rsp, out ulong stack) || !tracee.Registers.TryRead(UserRegister.Rip, out ulong instruction))
        {
            return;
        }

        // In a call that has changed the mask for as long as it takes (sigsuspend(2)), the kernel forgets that when a call of ours is made.
        bool isOwnMask = !TryGetMask(tracee, out ulong mask) || mask == blocked;
        bool isOpened = TouchesFrame(tracee, traps, stack, out ulong otherEnd);
        if (!isOpened && !isLent && isOwnMask)
        {
            NoteHandlerMask(tracee, traps, signal);
            return;
        }

        if (isOpened)
        {
            Stop(space, tracee);
            if (!CanRun(tracee) || (!IsNonStop && HasNews) || !TryFindCaller(space, out _))
            {
                return;
            }
        }

        if (tracee.Signal != 0)
        {
            HoldSignal(tracee);
        }

        tracee.Held.TryTake(signal, out SignalInfo? held);
        space.Share();
        if (isOpened)
        {
            OpenAll(tracee, traps);
        }

        if (!isOwnMask)
        {
            SetMask(tracee, blocked);
        }

        bool isStarted = TryStartHandler(tracee, signal, held);
        if (tracee.State == TraceeState.Stopped && tracee.Process.Space == space)
        {
            if (!isOwnMask)
            {
                PutMaskAfter(tracee, mask, isStarted);
            }

            LearnMask(tracee);
            if (isLent)
            {
                TakeBackAction(tracee, traps, signal, isStarted);
            }

            if (isOpened)
            {
                ArmAgain(tracee.Process, traps);
            }

            if (isStarted)
            {
                if (isOpened)
                {
                    TellFrame(tracee, traps, instruction, stack, otherEnd);
                }

                OnInstructionDone(tracee, wasEmulated: true);
            }
            else
            {
                OnProgramSignal(tracee, tracee.Status.StopSignal);
                if (tracee.HasPending)
                {
                    AddPending(tracee);
                }
            }
        }

        space.Dispose();
    }

    /// <summary>What a thread that is stopped for a signal is about to get; 0 for nothing.</summary>
    private static int NextSignal(Tracee tracee) =>
        !tracee.IsAtSignal ? 0 : tracee.Signal != 0 ? tracee.Signal : NextHeld(tracee);

    // On which of its two stacks the frame goes only the kernel knows: it depends on the handler.
    private bool TouchesFrame(Tracee tracee, TrappedSpace traps, ulong stack, out ulong otherEnd)
    {
        const ulong structureLength = 24;
        otherEnd = 0;
        if (traps.Scratch == 0 || !traps.Data.TryTake(structureLength, tracee, out ulong offset))
        {
            return false;
        }

        ulong structure = traps.Scratch + TrappedSpace.CodeLength + offset;
        Span<ulong> words = stackalloc ulong[3];
        bool isKnown = TryCall(tracee, CallNumber.SignalStack, out long result, 0, structure) && result == 0
            && tracee.Process.Space.Memory.Read(structure, MemoryMarshal.AsBytes(words)) == (int)structureLength;
        traps.Data.Release(tracee);
        if (isKnown)
        {
            // stack_t: base, flags, size.
            otherEnd = words[0] + words[2];
        }

        return traps.Table.TryFindRun(stack - RedZone - LongestFrame, LongestFrame, out _)
            || (otherEnd > LongestFrame && traps.Table.TryFindRun(otherEnd - LongestFrame, LongestFrame, out _));
    }

    /// <returns>False when the thread came to something else first, which is in its status.</returns>
    private bool TryStartHandler(Tracee tracee, int signal, SignalInfo? held)
    {
        if (held is { } info)
        {
            tracee.Ask(TraceRequest.SetSignalInfo, 0, &info);
        }

        tracee.Registers.TryFlush();
        tracee.Registers.Invalidate();
        tracee.Ask(TraceRequest.SingleStep, 0, (void*)signal);
        if (!TryAwaitStatus(tracee, out WaitStatus status))
        {
            return false;
        }

        if (!status.IsStopped || status.Event != TraceEvent.None)
        {
            Absorb(tracee.Thread, status);
            return false;
        }

        // Where a handler begins no signal can be delivered: what waits is sent anew.
        bool isStarted = status.StopSignal == SignalNumber.Trap;
        tracee.Status = isStarted ? WaitStatus.FirstStop : status;
        return isStarted;
    }

    // The handler's return sets the mask that is in its frame.
    private static void PutMaskAfter(Tracee tracee, ulong mask, bool isStarted)
    {
        if (isStarted && tracee.Registers.TryRead(UserRegister.Rsp, out ulong frame))
        {
            tracee.Process.Space.Memory.TryWrite(frame + HandlerCode.FrameMask, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in mask)));
        }
        else
        {
            SetMask(tracee, mask);
        }
    }

    private static void TellFrame(Tracee tracee, TrappedSpace traps, ulong instruction, ulong stack, ulong otherEnd)
    {
        if (!tracee.Registers.TryRead(UserRegister.Rsp, out ulong frame))
        {
            return;
        }

        ulong end = frame < otherEnd && otherEnd - frame <= LongestFrame ? otherEnd : stack - RedZone;
        if (frame >= end || end - frame > LongestFrame)
        {
            return;
        }

        byte[] after = new byte[end - frame];
        Tell(tracee, traps, new TrappedAccess
        {
            Thread = tracee.Id,
            Statistics = tracee.Statistics,
            Time = Stopwatch.GetTimestamp(),
            Address = frame,
            Length = after.Length,
            Kind = AccessKind.Write,
            After = after.AsSpan(0, tracee.Process.Space.Read(frame, after)),
            InstructionPointer = instruction,
            SystemCall = TrappedAccess.NoSystemCall,
            IsExact = false,
        });
    }
}
