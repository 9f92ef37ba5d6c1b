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
            if (status.IsStopped)
            {
                _unclaimed[thread] = status;
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
                tracee.IsInGroupStop = false;
                OnSignal(tracee, status.StopSignal);
                break;
            case TraceEvent.Stop:
                OnQuietStop(tracee, status.StopSignal);
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

        if (interruption != InterruptKind.None && !tracee.HasPending && tracee.State == TraceeState.Stopped)
        {
            tracee.Report(StopKind.Signal, interruption == InterruptKind.Client ? SignalNumber.Interrupt : 0);
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

    private void OnSignal(Tracee tracee, int signal)
    {
        if (signal == (SignalNumber.Trap | WaitStatus.SyscallMark))
        {
            OnSyscall(tracee);
        }
        else if (signal == SignalNumber.Trap)
        {
            OnTrap(tracee);
        }
        else if ((tracee.SentSignals & (1ul << (signal & 63))) != 0)
        {
            tracee.SentSignals &= ~(1ul << (signal & 63));
            tracee.Signal = signal;
        }
        else if (tracee.Action == ResumeKind.Continue && _passedSignals.Contains(signal))
        {
            tracee.Signal = signal;
        }
        else
        {
            tracee.Report(StopKind.Signal, signal);
        }
    }

    // With SIGTRAP it is an interrupt or the end of a group stop, with a stop signal a group stop (ptrace(2), "PTRACE_EVENT_STOP").
    private static void OnQuietStop(Tracee tracee, int signal) => tracee.IsInGroupStop = signal != SignalNumber.Trap;

    // The thread's registers are still there, but no instruction of it will run any more. Holding it back would only keep its
    // process from ending.
    private void OnExit(Tracee tracee)
    {
        tracee.Ask(TraceRequest.Continue, 0, null);
        SetState(tracee, TraceeState.Exiting);
    }

    private void OnGone(Tracee tracee, WaitStatus status)
    {
        TraceeProcess process = tracee.Process;
        ThreadId id = tracee.Id;
        RemoveThread(tracee);
        if (tracee.IsLeader)
        {
            // The kernel tells a first thread's end last, so whatever of it is still in the table ended in an execve.
            RemoveProcess(process);
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
    }
}
