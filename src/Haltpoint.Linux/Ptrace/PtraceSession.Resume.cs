using System;
using System.Runtime.InteropServices;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Watchpoints;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Letting threads run.
public sealed unsafe partial class PtraceSession
{
    internal TargetStatus Resume(ReadOnlySpan<ResumeAction> actions)
    {
        AssertThread();
        foreach (TraceeProcess process in _processes)
        {
            if (GoesOn(process, actions))
            {
                ForgetRemoved(process);
            }
        }

        bool isAny = false;
        foreach (TraceeProcess process in _processes)
        {
            foreach (Tracee tracee in process.Threads)
            {
                if (TryFindAction(actions, tracee.Id, out ResumeAction action) && (action.Threads.IsOne || IsKnown(tracee)))
                {
                    isAny = true;
                    Plan(tracee, action);
                }
            }
        }

        if (!IsNonStop)
        {
            KeepValues();
        }

        if (!IsNonStop && HasNews)
        {
            // Another thread's stop has been waiting: it is told in place of running anything.
            _isStopReady = true;
            return TargetStatus.Ok;
        }

        if (!IsNonStop && !isAny && _running.Count == 0 && _exitingCount == 0)
        {
            // Nothing would ever come that the client could be told.
            return TargetStatus.NoSuchThread;
        }

        Settle();
        return TargetStatus.Ok;
    }

    // Not for a step: gdb takes all out to step over a breakpoint, and puts it back.
    private static bool GoesOn(TraceeProcess process, ReadOnlySpan<ResumeAction> actions)
    {
        foreach (Tracee tracee in process.Threads)
        {
            if (!tracee.IsResumed && TryFindAction(actions, tracee.Id, out ResumeAction action) && action.Kind == ResumeKind.Continue)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ctrl-C. A PTRACE_INTERRUPT works where SIGINT is blocked or ignored, and leaves no signal behind.</summary>
    internal void Interrupt()
    {
        AssertThread();
        if (!IsNonStop)
        {
            StopForClient();
            return;
        }

        foreach (Tracee tracee in _running)
        {
            if (tracee.IsResumed && !tracee.IsInVfork && tracee.TryInterrupt())
            {
                tracee.Interruption = InterruptKind.Client;
                return;
            }
        }
    }

    // Everything stops for a Ctrl-C in any case; to wait for one thread first would take as long as all others have their turn.
    private void StopForClient()
    {
        StopAll();
        if (!IsToldFirst(_interrupted) && !(HasNews && _wasInterruptTold) && FindInterruptible() is { } tracee)
        {
            tracee.Report(StopKind.Signal, SignalNumber.Interrupt);
            AddPending(tracee);
            _interrupted = tracee;
        }

        _isStopReady = HasNews;
    }

    // With several processes the interrupt is for the one that was started or attached to last: it is the one at hand. While all of
    // its threads have something to tell, that is told first: the client has still to be told of its interrupt then, and asks anew.
    private Tracee? FindInterruptible()
    {
        Tracee? found = _latest?.Threads.Find(CanRun);
        if (found is null && _latest is not null && _latest.Threads.Exists(t => t.HasPending && t.IsResumed))
        {
            return null;
        }

        for (int i = 0; found is null && i < _processes.Count; i++)
        {
            found = _processes[i].Threads.Find(CanRun);
        }

        return found;
    }

    internal TargetStatus SetNonStop(bool on)
    {
        IsNonStop = on;
        _isStopReady = false;
        _told = default;

        // What was stopped only for the sake of an untaken stop need not be: a process attached to before the client came goes on.
        Settle();
        return TargetStatus.Ok;
    }

    private static bool TryFindAction(ReadOnlySpan<ResumeAction> actions, ThreadId thread, out ResumeAction action)
    {
        foreach (ref readonly ResumeAction candidate in actions)
        {
            if (candidate.Threads.Covers(thread))
            {
                action = candidate;
                return true;
            }
        }

        action = default;
        return false;
    }

    private void Plan(Tracee tracee, in ResumeAction action)
    {
        if (action.Kind == ResumeKind.Stop)
        {
            PlanStop(tracee);
            return;
        }

        if (tracee.IsResumed || tracee.State == TraceeState.Exiting)
        {
            return;
        }

        tracee.IsResumed = true;
        tracee.IsAwaitingTurn = false;
        tracee.HasPageFault = false;
        tracee.Action = action.Kind;
        tracee.RangeStart = action.Start;
        tracee.RangeEnd = action.End;
        if (tracee.HasPending && IsStale(tracee))
        {
            RemovePending(tracee);
        }

        if (!tracee.HasPending && tracee.TryReportFurther())
        {
            AddPending(tracee);
            if (IsStale(tracee))
            {
                RemovePending(tracee);
            }
        }

        if (action.Signal != 0)
        {
            AddSignal(tracee, action.Signal);
        }

        if (tracee.State == TraceeState.Stopped && !tracee.HasPending)
        {
            _quiet.Add(tracee);
        }
    }

    private void PlanStop(Tracee tracee)
    {
        if (!tracee.IsResumed || tracee.HasPending)
        {
            return;
        }

        if (tracee.State == TraceeState.Stopped)
        {
            // Quiet, and about to run on.
            tracee.Report(StopKind.Signal, 0);
            AddPending(tracee);
        }
        else if (tracee.State == TraceeState.Running && tracee.TryInterrupt())
        {
            tracee.Interruption = InterruptKind.Quiet;
        }
    }

    // Something of several steps is under way, in between which nothing may run.
    private int _settleHolds;

    /// <summary>Lets the quiet threads run on; in all-stop mode stops everything instead when there is something to tell.</summary>
    private void Settle()
    {
        if (_settleHolds > 0)
        {
            return;
        }

        if (IsTurnDue)
        {
            GiveTurn();
        }

        // The list can grow meanwhile: a step over a trap stops other threads, which are quiet ones then.
        for (int i = 0; i < _quiet.Count; i++)
        {
            if (!IsNonStop && HasNews)
            {
                break;
            }

            if (CanRun(_quiet[i]) && _quiet[i].NeedsStepOver)
            {
                StepOver(_quiet[i]);
            }

            if (_quiet[i].VforkChild != 0)
            {
                ReleaseVforkChild(_quiet[i]);
            }

            if (CanRun(_quiet[i]) && _quiet[i].MustArmAgain)
            {
                ArmAgain(_quiet[i]);
            }

            if (CanRun(_quiet[i]) && _quiet[i].HasPageFault)
            {
                MakeAccess(_quiet[i]);
            }

            if (CanRun(_quiet[i]) && _quiet[i].IsAtCall && _quiet[i].Process.Space.PageTraps is { IsActive: true })
            {
                EnterCall(_quiet[i]);
            }

            if (CanRun(_quiet[i]) && _quiet[i].OpenedMaps >= 0)
            {
                ShowOwnMaps(_quiet[i]);
            }

            if (CanRun(_quiet[i]) && _quiet[i].Process.Space.PageTraps is { IsActive: true })
            {
                PrepareSignal(_quiet[i]);
            }

            if (CanRun(_quiet[i]) && _quiet[i].Unblocked != 0)
            {
                TakeBackUnblocking(_quiet[i]);
            }
        }

        if (!IsNonStop && HasNews)
        {
            StopAll();
            _isStopReady = true;
            return;
        }

        // Last in, first out: a thread that made another is behind it here, and its step over the call is to end before the new
        // thread has run into anything.
        using UrgentScope urgent = new(_quiet.Count);
        for (int i = _quiet.Count - 1; i >= 0; i--)
        {
            if (CanRun(_quiet[i]) && !_quiet[i].IsAwaitingTurn)
            {
                LetRun(_quiet[i]);
            }
        }

        _quiet.Clear();
    }

    private static bool CanRun(Tracee tracee) => tracee.State == TraceeState.Stopped && tracee.IsResumed && !tracee.HasPending;

    /// <summary>Resumes a thread as the debugger wants it, its registers and debug registers in place before the first instruction.</summary>
    private void LetRun(Tracee tracee)
    {
        int signal = TakeSignal(tracee);
        bool isArmed = tracee.Process.Space.PageTraps is { IsActive: true };
        if (isArmed && tracee.IsAtCall)
        {
            tracee.Call?.Begin();
        }

        bool isStep = tracee.Action is ResumeKind.Step or ResumeKind.StepRange;
        long request = isStep && !(isArmed && IsCallNext(tracee, signal)) ? TraceRequest.SingleStep
            : tracee.IsInGroupStop && signal == 0 ? TraceRequest.Listen
            : tracee.Process.CaughtSyscalls is not null || isArmed ? TraceRequest.SystemCall
            : TraceRequest.Continue;
        Start(tracee, request, signal);
    }

    private void Start(Tracee tracee, long request, int signal)
    {
        SynchroniseDebugRegisters(tracee);
        bool isEnteringCall = tracee.IsAtCall;
        tracee.IsAtCall = false;
        tracee.IsStepped = request == TraceRequest.SingleStep;
        tracee.TrapStamp = tracee.Process.Space.PageTraps?.Table.Stamp ?? 0;
        FollowMask(tracee, signal);
        tracee.Registers.TryFlush();
        ForgetRecord(tracee, isEnteringCall);
        tracee.Registers.Invalidate();
        if (!tracee.Ask(request, 0, (void*)signal) && Marshal.GetLastPInvokeError() != Errno.ESRCH)
        {
            // EIO: no such signal. A thread that is gone (ESRCH) comes to its end all the same; wait tells it.
            tracee.Ask(request, 0, null);
        }

        MarkRunning(tracee);
    }

    private void SynchroniseDebugRegisters(Tracee tracee)
    {
        if (tracee.HeldDebugRegisters.Is(tracee.Process.WantedDebugRegisters))
        {
            return;
        }

        TraceeBank bank = new(tracee);
        if (!DebugRegisterBanks.TryProgram(ref bank, tracee.Process.WantedDebugRegisters))
        {
            // A thread that started after the insertion, on a machine where somebody took slots since. Silence would read as "no access".
            WatchpointRefusals.Explain(tracee, out string reason);
            Server.Console?.Print($"Thread {tracee.Thread} runs without hardware breakpoints and watchpoints: {reason}");
        }
    }
}
