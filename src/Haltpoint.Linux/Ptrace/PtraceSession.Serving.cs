using Haltpoint.Linux.Serving;
using Haltpoint.Stopping;

namespace Haltpoint.Linux.Ptrace;

// What a server over the session needs to know, and the end of a client.
public sealed partial class PtraceSession
{
    /// <summary>Options and logs of the server; those of a session without one say nothing to anybody.</summary>
    public ServerSettings Server { get; init; } = new();

    public bool HasProcesses => _processes.Count > 0;

    /// <summary>There may be news without a client asking: a thread runs or ends, or, in non-stop mode, a stopped one may be killed.</summary>
    public bool MayHaveNews => _running.Count > 0 || _awaitingTurn.Count > 0 || _exitingCount > 0 || _leaving.Count > 0 || (IsNonStop && _tracees.Count > 0);

    /// <summary>Takes out what a client inserted and forgets what it wanted to hear: the next one knows nothing of it.</summary>
    /// <remarks>What runs goes on running, what is stopped stays stopped.</remarks>
    public void ForgetClient()
    {
        AssertThread();
        StopAll();
        SetForkEvents(forks: false, vforks: false);
        SetExecEvents(false);
        SetThreadEvents(false);
        SetNoResumedEvents(false);
        SetPassedSignals(default);
        SetDropsUnchangedWrites(false);
        WatchpointNumbers.Clear();
        _programSignals = null;
        foreach (TraceeProcess process in _processes)
        {
            process.Space.RemoveAll();
            DisarmAll(process.Space);
            process.Hardware = default;
            process.HardwareActions.Clear();
            process.Watchpoints.Clear();
            process.WantedDebugRegisters = default;
            MakeStopsPlain(process);
            CatchSyscalls(process, on: false, default);
        }

        SetNonStop(false);
        DropStale();
        Settle();
    }

    /// <summary>A new client that asks why a thread is stopped must not hear of breakpoints, forks and programs that only the last one knew.</summary>
    private static void MakeStopsPlain(TraceeProcess process)
    {
        foreach (Tracee tracee in process.Threads)
        {
            tracee.LastStop = new StopEvent { Thread = tracee.Id, Kind = StopKind.Signal, Signal = tracee.LastStop.Signal };
        }
    }

    /// <summary>A stop for a breakpoint that is gone, or a fork that nobody asked for, is no news to the next client.</summary>
    private void DropStale()
    {
        for (int i = _pending.Count - 1; i >= 0; i--)
        {
            Tracee tracee = _pending[i];
            if (UntoldChildOf(tracee) is not null || (tracee.Pending.Reason != StopReason.None && IsStale(tracee)))
            {
                DropPending(tracee);
                _quiet.Add(tracee);
            }
        }
    }
}
