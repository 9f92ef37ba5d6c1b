using System.Collections.Generic;
using Haltpoint.Linux.Interop;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// What a wait status means.
public sealed unsafe partial class PtraceSession
{
    // Threads that stopped and have nothing to tell, and those the debugger has just resumed: they run with the next Settle.
    private readonly List<Tracee> _quiet = [];

    /// <summary>Takes in one status: the thread then has a stop to report, or is quiet, or is gone.</summary>
    private void Absorb(int thread, WaitStatus status)
    {
        if (!_tracees.TryGetValue(thread, out Tracee? tracee))
        {
            if (!TryTakeLeaving(thread, status) && status.IsStopped)
            {
                OnUnknown(thread, status);
            }

            return;
        }

        MarkNotRunning(tracee);
        if (!status.IsStopped)
        {
            OnGone(tracee, status);
            return;
        }

        SetState(tracee, TraceeState.Stopped);
        tracee.Status = status;
        InterruptKind interruption = tracee.Interruption;
        tracee.Interruption = InterruptKind.None;
        switch (status.Event)
        {
            case TraceEvent.None:
                SetGroupStop(tracee, false);
                OnSignal(tracee, status.StopSignal);
                break;
            case TraceEvent.Stop:
                // With SIGTRAP an interrupt or the end of a group stop, with a stop signal a group stop (ptrace(2), "PTRACE_EVENT_STOP").
                SetGroupStop(tracee, status.StopSignal != SignalNumber.Trap);
                if (HasQueuedTrap(tracee))
                {
                    tracee.Interruption = interruption;
                    TakeQueuedTrap(tracee);
                    return;
                }

                break;
            case TraceEvent.Clone:
            case TraceEvent.Fork:
            case TraceEvent.Vfork:
                OnBirth(tracee, status.Event);
                break;
            case TraceEvent.VforkDone:
                OnVforkDone(tracee);
                break;
            case TraceEvent.Exec:
                tracee = OnExec(tracee);
                break;
            case TraceEvent.Exit:
                OnExit(tracee);
                break;
        }

        if (interruption != InterruptKind.None && !tracee.HasPending)
        {
            OnInterrupted(tracee, interruption);
        }

        if (tracee.HasPending)
        {
            AddPending(tracee);
        }
        else if (tracee.State == TraceeState.Stopped)
        {
            _quiet.Add(tracee);
        }
    }

    private void OnInterrupted(Tracee tracee, InterruptKind interruption)
    {
        if (tracee.State == TraceeState.Stopped)
        {
            tracee.Report(StopKind.Signal, interruption == InterruptKind.Client ? SignalNumber.Interrupt : 0);
        }
        else if (interruption == InterruptKind.Client)
        {
            // It ended instead: another has to stop for the client.
            Interrupt();
        }
    }

    // The kernel gives it the trap before it runs another instruction.
    private void TakeQueuedTrap(Tracee tracee)
    {
        tracee.Ask(TraceRequest.Continue, 0, null);
        MarkRunning(tracee);
        AwaitStop(tracee);
    }

    // The thread's registers are still there, but no instruction of it will run any more. Holding it back would only keep its
    // process from ending.
    private void OnExit(Tracee tracee)
    {
        bool isAlone = tracee is { IsLeader: true, IsResumed: true } && tracee.Process.Threads.Exists(IsHeld);
        tracee.Ask(TraceRequest.Continue, 0, null);
        SetState(tracee, TraceeState.Exiting);
        if (isAlone)
        {
            // Its end is told when the others have theirs, and those wait for the debugger.
            tracee.IsResumed = false;
            ReportNoResumed();
        }
    }

    // When the whole process ends, every thread of it has been killed already, and does not answer any more.
    private static bool IsHeld(Tracee tracee)
    {
        ulong message;
        return tracee.State == TraceeState.Stopped && !tracee.IsResumed && tracee.Ask(TraceRequest.GetEventMessage, 0, &message);
    }

    // Where nobody is held, the end of a process is about to be told.
    private void ReportNoResumed()
    {
        if (_reportsNoResumed && _departed.Count == 0 && !HasResumed && _processes.Exists(p => p.Threads.Exists(IsHeld)))
        {
            _departed.Add(new StopEvent { Kind = StopKind.NoResumed });
        }
    }

    private void OnGone(Tracee tracee, WaitStatus status)
    {
        TraceeProcess process = tracee.Process;
        ThreadId id = tracee.Id;
        bool wasResumed = tracee.IsResumed;
        bool wasUntold = tracee.IsUntold;
        bool mustInterruptAnother = tracee.Interruption == InterruptKind.Client;
        RemoveThread(tracee);
        if (mustInterruptAnother)
        {
            Interrupt();
        }

        if (tracee.IsLeader)
        {
            // The kernel tells a first thread's end last, so whatever of it is still in the table ended in an execve.
            RemoveProcess(process);
            if (wasUntold)
            {
                ForgetBirth(id);
                return;
            }

            _departed.Add(new StopEvent
            {
                Thread = id,
                Kind = status.IsExited ? StopKind.ProcessExited : StopKind.ProcessKilled,
                Code = status.ExitCode,
                Signal = status.IsExited ? 0 : status.EndSignal,
            });
        }
        else if (_reportsThreads)
        {
            _departed.Add(new StopEvent { Thread = id, Kind = StopKind.ThreadExited, Code = status.IsExited ? status.ExitCode : 128 + status.EndSignal });
        }

        if (wasResumed)
        {
            ReportNoResumed();
        }
    }

    private bool HasResumed
    {
        get
        {
            foreach (Tracee tracee in _tracees.Values)
            {
                if (tracee.IsResumed)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
