using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Letting go, and ending.
public sealed unsafe partial class PtraceSession
{
    // Threads of processes that were let go which could not be yet: a first thread that ended before the others, and what is held in
    // the kernel. Until their end or stop is taken, nobody else is told of it: their process would stay a zombie, or stopped.
    private readonly Dictionary<int, Tracee> _leaving = [];

    private readonly List<int> _released = [];

    /// <summary>Processes that were not attached to, and were let go: those that the session started are children of this process, their end not taken.</summary>
    internal IReadOnlyList<int> Released => _released;

    /// <summary>Removes all that is ours from a process and lets it run, or stay in the job-control stop it is in.</summary>
    public TargetStatus Detach(int id)
    {
        AssertThread();
        if (FindProcess(id) is not { } process)
        {
            return DropDeparted(id) ? TargetStatus.Ok : TargetStatus.NoSuchProcess;
        }

        Stop(process.Space, null);
        if (!_processes.Contains(process))
        {
            DropDeparted(id);
            Settle();
            return TargetStatus.Ok;
        }

        Disarm(process);
        foreach (Tracee tracee in process.Threads)
        {
            if (tracee.State == TraceeState.Stopped)
            {
                LetGo(tracee);
            }
            else if (tracee.State == TraceeState.Exiting && !tracee.IsLeader)
            {
                AwaitEnd(tracee.Thread);
            }
            else
            {
                _leaving[tracee.Thread] = tracee;
            }
        }

        RemoveProcess(process);
        DropDeparted(id);
        if (!process.WasAttached)
        {
            _released.Add(id);
        }

        Settle();
        return TargetStatus.Ok;
    }

    private bool TryTakeLeaving(int thread, WaitStatus status)
    {
        if (!_leaving.Remove(thread, out Tracee? tracee))
        {
            return false;
        }

        if (status.IsStopped)
        {
            tracee.Status = status;
            LetGo(tracee);
        }

        return true;
    }

    /// <summary>Ends a process; all of its threads are gone when this returns.</summary>
    /// <remarks>With it children that it forked and that the debugger has not been told of.</remarks>
    public TargetStatus Kill(int id)
    {
        AssertThread();
        while (FindProcess(id)?.Threads.Find(t => UntoldChildOf(t) is not null) is { } parent)
        {
            Kill(parent.Pending.Child.Process);
        }

        if (FindProcess(id) is not { } process)
        {
            return DropDeparted(id) ? TargetStatus.Ok : TargetStatus.NoSuchProcess;
        }

        Libc.Kill(id, SignalNumber.Kill);
        foreach (Tracee tracee in process.Threads)
        {
            if (!tracee.IsLeader)
            {
                // A clone with a thread group of its own is not in the one just killed; for all others there is no such group.
                Libc.TgKill(tracee.Thread, tracee.Thread, SignalNumber.Kill);
                AwaitEnd(tracee.Thread);
            }
        }

        AwaitEnd(id);
        RemoveProcess(process);
        DropDeparted(id);
        _mustAskForAny = true;
        Collect();
        return TargetStatus.Ok;
    }

    private static void AwaitEnd(int thread)
    {
        while (true)
        {
            int word;
            if (Libc.Wait4(thread, &word, Libc.WaitOwnTracees, null) >= 0)
            {
                if (!new WaitStatus(word).IsStopped)
                {
                    return;
                }

                Libc.Ptrace(TraceRequest.Continue, thread, 0, null);
            }
            else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return;
            }
        }
    }

    /// <summary>Takes what is ours out of a stopped process's memory; its debug registers follow when its threads are let go.</summary>
    private void Disarm(TraceeProcess process)
    {
        DisarmAll(process.Space);
        if (process.Space.IsShared)
        {
            // A vfork child that goes on in its parent's memory: the traps come back when the parent does.
            process.Space.LiftAll();
        }
        else
        {
            process.Space.RemoveAll();
        }

        process.Hardware = default;
        process.WantedDebugRegisters = default;
    }

    private void LetGo(Tracee tracee)
    {
        SynchroniseDebugRegisters(tracee);
        tracee.Registers.TryFlush();
        ForgetRecord(tracee, isEnteringCall: false);
        tracee.BlockedFaults = null;
        int signal = DetachSignal(tracee);
        tracee.Ask(TraceRequest.Detach, 0, (void*)signal);
    }
}
