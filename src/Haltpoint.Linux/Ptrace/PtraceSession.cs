using System;
using System.Collections.Generic;
using System.Diagnostics;
using Haltpoint.Linux.Interop;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

/// <summary>All processes that one thread traces, and what they do.</summary>
/// <remarks>
/// Every member is for the one thread that created the session, except <see cref="RequestShutdown"/>: the kernel ties a tracee to
/// the thread that attached, and from another the same request fails as if the tracee were gone. When that thread ends, the kernel
/// kills what the session started and lets go what it attached to.
/// <list type="number">
/// <item>What a thread does in the kernel (<see cref="Tracee.State"/>) and what the debugger wants of it (<see cref="Tracee.IsResumed"/>)
/// are different things; a stop of ours between the two is never seen by the debugger.</item>
/// <item>A status taken from the kernel is either reported (<see cref="Tracee.Pending"/>), or the thread is in <see cref="_quiet"/>
/// and runs on with the next <see cref="Settle"/>.</item>
/// <item>In all-stop mode nothing runs from the moment a stop is ready to be taken until the next resume.</item>
/// <item>A thread can vanish between any two calls. ESRCH is an answer: its end comes through wait.</item>
/// </list>
/// </remarks>
public sealed partial class PtraceSession : IDisposable
{
    private readonly Dictionary<int, Tracee> _tracees = [];
    private readonly List<TraceeProcess> _processes = [];
    private readonly List<Tracee> _running = [];

    // First stops of new threads and processes that came before the stop of their parent that announces them.
    private readonly Dictionary<int, WaitStatus> _unclaimed = [];

    private readonly Waiter _waiter = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly TerminalOwner _terminal = new();
    private int _exitingCount;
    private volatile bool _isShutdownRequested;

    /// <summary>Why the last request was refused; empty when its status says all.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>In non-stop mode a stop of one thread leaves the others running.</summary>
    internal bool IsNonStop { get; private set; }

    internal IReadOnlyList<TraceeProcess> Processes => _processes;

    /// <summary>Makes <see cref="Wait"/> return. From any thread, also from a signal handler's.</summary>
    public void RequestShutdown()
    {
        _isShutdownRequested = true;
        _waiter.Signal();
    }

    /// <summary>Ends the session. What is still traced is killed or let go by the kernel when the thread ends: detach or kill before.</summary>
    public void Dispose()
    {
        foreach (TraceeProcess process in _processes)
        {
            process.Space.Dispose();
            process.Dispose();
        }

        foreach (Tracee tracee in _tracees.Values)
        {
            tracee.Statistics.Dispose();
        }

        _departedSpace?.Dispose();
        DismissGuardian();
        _processes.Clear();
        _tracees.Clear();
        _running.Clear();
        Files.Dispose();
        _waiter.Dispose();
        _terminal.Restore();
    }

    internal TraceeProcess? FindProcess(int id)
    {
        foreach (TraceeProcess process in _processes)
        {
            if (process.Id == id)
            {
                return process;
            }
        }

        return null;
    }

    /// <summary>The thread, if it is traced and not on its way out.</summary>
    internal Tracee? Find(ThreadId thread) =>
        _tracees.TryGetValue(thread.Thread, out Tracee? tracee) && tracee.Process.Id == thread.Process && IsVisible(tracee) ? tracee : null;

    /// <summary>The process that a thread id, or a pattern over one process, is about.</summary>
    internal TraceeProcess? ProcessOf(ThreadId thread) => FindProcess(thread.Process);

    internal bool TryNextThread(ref ThreadId cursor)
    {
        int processIndex = 0;
        int threadIndex = 0;
        if (!cursor.IsNone)
        {
            if (_tracees.TryGetValue(cursor.Thread, out Tracee? tracee))
            {
                processIndex = _processes.IndexOf(tracee.Process);
                threadIndex = tracee.IndexInProcess + 1;
            }
            else
            {
                return false;
            }
        }

        for (; processIndex < _processes.Count; processIndex++, threadIndex = 0)
        {
            List<Tracee> threads = _processes[processIndex].Threads;
            for (; threadIndex < threads.Count; threadIndex++)
            {
                if (IsVisible(threads[threadIndex]))
                {
                    cursor = threads[threadIndex].Id;
                    return true;
                }
            }
        }

        return false;
    }

    internal TargetStatus Refuse(TargetStatus status, string reason)
    {
        LastError = reason;
        return status;
    }

    /// <summary>A thread past its last instruction is no thread to a debugger; alone, it still stands for its process.</summary>
    private static bool IsVisible(Tracee tracee) =>
        !tracee.IsUntold && (tracee.State != TraceeState.Exiting || tracee.Process.Threads.Count == 1);

    [Conditional("DEBUG")]
    private void AssertThread() => Debug.Assert(Environment.CurrentManagedThreadId == _thread, "ptrace belongs to the thread that created the session");

    private TraceeProcess AddProcess(int id, bool wasAttached, AddressSpace space)
    {
        TraceeProcess process = new(id, wasAttached, space, WatchpointNumbers);
        _processes.Add(process);
        return process;
    }

    private Tracee AddThread(TraceeProcess process, int thread)
    {
        Tracee tracee = new(thread, process) { LastStop = new StopEvent { Thread = new ThreadId(process.Id, thread) } };
        process.Add(tracee);
        _tracees.Add(thread, tracee);
        return tracee;
    }

    private void RemoveThread(Tracee tracee)
    {
        MarkNotRunning(tracee);
        SetState(tracee, TraceeState.Exiting);
        _exitingCount--;
        DropPending(tracee);
        tracee.IsResumed = false;
        tracee.Call?.Drop();
        ReleaseRecord(tracee);
        tracee.Statistics.Dispose();
        tracee.Process.Remove(tracee);
        _tracees.Remove(tracee.Thread);
    }

    private void RemoveProcess(TraceeProcess process)
    {
        while (process.Threads.Count > 0)
        {
            RemoveThread(process.Threads[^1]);
        }

        _processes.Remove(process);
        process.Dispose();
        if (process.Space.IsShared)
        {
            ForgetActions(process);
            process.Space.Dispose();
        }
        else
        {
            process.Space.EndGuard();
            ReleaseOrphans(process.Space);
        }
    }

    private void MarkRunning(Tracee tracee)
    {
        SetState(tracee, TraceeState.Running);
        tracee.IndexInRunning = _running.Count;
        _running.Add(tracee);
    }

    private void MarkNotRunning(Tracee tracee)
    {
        if (tracee.IndexInRunning >= 0)
        {
            Tracee last = _running[^1];
            _running[tracee.IndexInRunning] = last;
            last.IndexInRunning = tracee.IndexInRunning;
            _running.RemoveAt(_running.Count - 1);
            tracee.IndexInRunning = -1;
        }
    }

    private void SetState(Tracee tracee, TraceeState state)
    {
        _exitingCount += (state == TraceeState.Exiting ? 1 : 0) - (tracee.State == TraceeState.Exiting ? 1 : 0);
        tracee.State = state;
    }
}
