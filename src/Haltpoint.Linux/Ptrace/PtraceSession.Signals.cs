using Haltpoint.Breakpoints;
using Haltpoint.Linux.Interop;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Signals on their way to a thread.
public sealed unsafe partial class PtraceSession
{
    private void OnSignal(Tracee tracee, int signal)
    {
        if (IsUnblocking(tracee, signal))
        {
            // Its instruction faults again, and then says so.
        }
        else if (signal == (SignalNumber.Trap | WaitStatus.SyscallMark))
        {
            OnSyscall(tracee);
        }
        else if (signal == SignalNumber.Trap)
        {
            OnTrap(tracee);
        }
        else if (signal == SignalNumber.Segment && TryTakePageFault(tracee))
        {
            // Settle makes the access for it.
        }
        else
        {
            OnProgramSignal(tracee, signal);
        }
    }

    /// <summary>A signal that is none of ours.</summary>
    private void OnProgramSignal(Tracee tracee, int signal)
    {
        if (TryTakeSent(tracee, signal))
        {
            // Told before.
        }
        else if (tracee.Action == ResumeKind.Continue && _passedSignals.Contains(signal) && !IsBreakpointFault(tracee, signal))
        {
            AddSignal(tracee, signal);
        }
        else
        {
            tracee.Report(StopKind.Signal, signal);
        }
    }

    /// <summary>Whether this is a signal that was sent anew to be delivered: it then goes with the next resume.</summary>
    private static bool TryTakeSent(Tracee tracee, int signal)
    {
        if (!tracee.Held.TryTakeSent(signal))
        {
            return false;
        }

        RestoreInfo(tracee, signal);
        AddSignal(tracee, signal);
        return true;
    }

    /// <summary>Whether the thread could not execute a breakpoint that it reached, because the memory may not be executed.</summary>
    /// <remarks>A client puts the end of a function call on the stack, and waits for the stop whatever it says about the signal.</remarks>
    private static bool IsBreakpointFault(Tracee tracee, int signal) =>
        signal is SignalNumber.Segment or SignalNumber.Illegal
        && tracee.Registers.TryGetProgramCounter(out ulong address)
        && tracee.Process.Space.StateAt(address) == TrapState.Planted;

    /// <summary>Delivers a signal with the next resume; one that is already to be delivered comes after it.</summary>
    private static void AddSignal(Tracee tracee, int signal)
    {
        if (tracee.Signal != 0)
        {
            HoldSignal(tracee);
        }

        tracee.Signal = signal;
    }

    /// <summary>Puts off the signal to be delivered, as its sender made it.</summary>
    private static void HoldSignal(Tracee tracee)
    {
        bool isOfThisStop = tracee.IsAtSignal && tracee.Status.StopSignal == tracee.Signal;
        tracee.Held.Add(tracee.Signal, isOfThisStop && tracee.TryGetSignalInfo(out SignalInfo info) ? info : null);
        tracee.Signal = 0;
    }

    /// <summary>The signal to resume with.</summary>
    /// <remarks>
    /// Outside of a stop for a signal the kernel delivers none: it is sent anew then, and gets its information back and passes
    /// unseen when it comes (ptrace(2), "Signal injection and suppression").
    /// </remarks>
    private static int TakeSignal(Tracee tracee)
    {
        int signal = tracee.Signal;
        tracee.Signal = 0;
        ulong keptBack = tracee.BlockedFaults ?? 0;
        if (signal == 0 && NextHeld(tracee) is not 0 and int held)
        {
            signal = held;
            RestoreInfo(tracee, signal);
        }
        else if (signal != 0 && !tracee.IsAtSignal)
        {
            Send(tracee, signal);
            signal = 0;
        }

        // Those that come after it have to be on their way before the thread runs.
        while (tracee.Held.TryNextUnsent(keptBack, out int later) && Send(tracee, later))
        {
        }

        return signal;
    }

    /// <summary>The held signal that can be delivered from this stop; 0 for none.</summary>
    private static int NextHeld(Tracee tracee)
    {
        int held = tracee.IsAtSignal ? tracee.Held.First(tracee.BlockedFaults ?? 0) : 0;
        return held != 0 && !tracee.Held.HasSent(held) ? held : 0;
    }

    /// <summary>A held signal is about to be delivered from a stop for a signal: it gets back what its sender said of it.</summary>
    private static void RestoreInfo(Tracee tracee, int signal)
    {
        if (tracee.Held.TryTake(signal, out SignalInfo? held) && held is { } info)
        {
            tracee.Ask(TraceRequest.SetSignalInfo, 0, &info);
        }
    }

    private static bool Send(Tracee tracee, int signal)
    {
        // The second form is for a clone with a thread group of its own.
        bool sent = Libc.TgKill(tracee.Process.Id, tracee.Thread, signal) == 0 || Libc.TgKill(tracee.Thread, tracee.Thread, signal) == 0;
        if (sent)
        {
            tracee.Held.MarkSent(signal);
        }

        return sent;
    }

    /// <summary>Whether a trap it ran into is still queued behind the stop it is in.</summary>
    /// <remarks>
    /// An interrupt that comes while an int3 or a debug exception is under way stops the thread before the SIGTRAP is taken from its
    /// queue: the program counter is already behind the trap, and nothing tells why. To a debugger that would be garbage, and a
    /// thread let go there would be killed by the signal.
    /// </remarks>
    private static bool HasQueuedTrap(Tracee tracee)
    {
        const int batch = 8;
        if (!tracee.IsStepped && tracee.Action == ResumeKind.Continue
            && !tracee.Process.Space.HasTraps && tracee.Process.Space.PageTraps is null && !tracee.HeldDebugRegisters.Control.IsAnyArmed)
        {
            return false;
        }

        SignalInfo* infos = stackalloc SignalInfo[batch];
        PeekSignals request = new() { Count = batch };
        while (true)
        {
            long found = tracee.AskForCount(TraceRequest.PeekSignalInfo, &request, infos);
            for (int i = 0; i < found; i++)
            {
                if ((infos[i].Signal == SignalNumber.Trap && (infos[i].IsTrap || infos[i].Code == SignalInfo.CallTrap)) || IsPageFault(tracee, infos[i]))
                {
                    return true;
                }
            }

            if (found < batch)
            {
                return false;
            }

            request.Offset += batch;
        }
    }

    /// <summary>What to deliver to a thread that is let go: what it was stopped for, if the program would have got it.</summary>
    private int DetachSignal(Tracee tracee)
    {
        if (tracee.Signal != 0 || !tracee.Held.IsEmpty)
        {
            return TakeSignal(tracee);
        }

        int signal = tracee.IsAtSignal ? tracee.Status.StopSignal : 0;
        bool wasTold = !tracee.HasPending && tracee.LastStop.Signal == signal;
        if (signal == 0 || (!tracee.HasPending && !wasTold))
        {
            return 0;
        }

        // Without a word from the debugger: what debuggers do not pass by default (gdb, "info signals").
        bool isWanted = _programSignals is { } wanted ? wanted.Contains(signal) : signal is not SignalNumber.Trap and not SignalNumber.Interrupt;
        tracee.TryGetSignalInfo(out SignalInfo info);
        bool isOurs = signal == SignalNumber.Trap && (info.IsTrap || (info.Code == SignalInfo.CallTrap && tracee.IsStepped));
        return isWanted && !isOurs && !Recurs(signal, info) ? signal : 0;
    }

    /// <summary>A fault that still holds happens again as soon as its instruction runs.</summary>
    /// <remarks>
    /// One that does not hold must not be delivered: when gdb calls a function of the program, that returns to the stack, which cannot
    /// be executed; gdb takes the fault for the end of the call and puts the registers back.
    /// </remarks>
    private static bool Recurs(int signal, in SignalInfo info)
    {
        bool wasSent = info.Signal == signal && info.Code <= 0;
        return signal is SignalNumber.Illegal or SignalNumber.Bus or SignalNumber.FloatingPoint or SignalNumber.Segment && !wasSent;
    }
}
