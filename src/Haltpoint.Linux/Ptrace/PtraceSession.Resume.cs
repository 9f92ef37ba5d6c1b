using System;
using System.Runtime.InteropServices;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Interop;
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
            foreach (Tracee tracee in process.Threads)
            {
                if (TryFindAction(actions, tracee.Id, out ResumeAction action))
                {
                    Plan(tracee, action);
                }
            }
        }

        if (!IsNonStop && HasNews)
        {
            // Another thread's stop has been waiting: it is told in place of running anything.
            _isStopReady = true;
            return TargetStatus.Ok;
        }

        Settle();
        return TargetStatus.Ok;
    }

    internal void Interrupt()
    {
        AssertThread();
        foreach (Tracee tracee in _running)
        {
            if (tracee.IsResumed && tracee.TryInterrupt())
            {
                tracee.Interruption = InterruptKind.Client;
                return;
            }
        }
    }

    internal TargetStatus SetNonStop(bool on)
    {
        IsNonStop = on;
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
        tracee.Action = action.Kind;
        tracee.RangeStart = action.Start;
        tracee.RangeEnd = action.End;
        if (tracee.HasPending && IsStale(tracee))
        {
            RemovePending(tracee);
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

        if (tracee.State == TraceeState.Running && tracee.TryInterrupt())
        {
            tracee.Interruption = InterruptKind.Quiet;
        }
    }

    /// <summary>Lets the quiet threads run on; in all-stop mode stops everything instead when there is something to tell.</summary>
    private void Settle()
    {
        if (!IsNonStop && HasNews)
        {
            StopAll();
            _isStopReady = true;
            return;
        }

        // The list can grow meanwhile: stopping the others for one thread's step makes quiet ones of them.
        for (int i = 0; i < _quiet.Count; i++)
        {
            Tracee tracee = _quiet[i];
            if (tracee.State == TraceeState.Stopped && tracee.IsResumed && !tracee.HasPending)
            {
                LetRun(tracee);
            }
        }

        _quiet.Clear();
    }

    /// <summary>Resumes a thread as the debugger wants it, its registers and debug registers in place before the first instruction.</summary>
    private void LetRun(Tracee tracee)
    {
        SynchroniseDebugRegisters(tracee);
        tracee.Registers.TryFlush();
        tracee.Registers.Invalidate();
        int signal = TakeSignal(tracee);
        long request = tracee.Action is ResumeKind.Step or ResumeKind.StepRange ? TraceRequest.SingleStep
            : tracee.IsInGroupStop && signal == 0 ? TraceRequest.Listen
            : TraceRequest.Continue;

        // A thread that is gone runs into its end all the same: wait tells it.
        tracee.Ask(request, 0, (void*)signal);
        MarkRunning(tracee);
    }

    private static void SynchroniseDebugRegisters(Tracee tracee)
    {
        if (!tracee.HeldDebugRegisters.Is(tracee.Process.WantedDebugRegisters))
        {
            TraceeBank bank = new(tracee);
            DebugRegisterBanks.TryProgram(ref bank, tracee.Process.WantedDebugRegisters);
        }
    }

    private void AddSignal(Tracee tracee, int signal)
    {
        if (tracee.Signal != 0)
        {
            Send(tracee, tracee.Signal);
        }

        tracee.Signal = signal;
    }

    /// <summary>The signal to resume with. Outside of a stop for a signal the kernel takes none; it is sent anew then, and passes unseen.</summary>
    private int TakeSignal(Tracee tracee)
    {
        int signal = tracee.Signal;
        tracee.Signal = 0;
        if (signal == 0 || tracee.IsAtSignal)
        {
            return signal;
        }

        Send(tracee, signal);
        return 0;
    }

    private static void Send(Tracee tracee, int signal)
    {
        if (Libc.TgKill(tracee.Process.Id, tracee.Thread, signal) == 0)
        {
            tracee.SentSignals |= 1ul << (signal & 63);
        }
    }
}
