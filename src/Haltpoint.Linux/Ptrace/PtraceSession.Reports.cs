using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Haltpoint.Breakpoints;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Which stop is told next.
public sealed partial class PtraceSession
{
    // Threads with a stop to report, reported only once the debugger lets them run.
    private readonly List<Tracee> _pending = [];

    // Ends of threads and processes: there is nothing left to hold them.
    private readonly List<StopEvent> _departed = [];

    // Non-stop: the stop taken last, until the client asks for the next. Its next packet may have been sent before it heard of it.
    private StopEvent _told;
    private readonly Random _random = new(1);
    private bool _isStopReady;

    // Has the client's interrupt to report: ahead of the others, or breakpoints hit all the time would keep it from being heard.
    // Not twice in a row: interrupts all the time would keep the others from being heard.
    private Tracee? _interrupted;
    private bool _wasInterruptTold;
    private TraceeProcess? _latest;

    internal bool HasStopToTake => (IsNonStop || _isStopReady) && HasNews;

    private bool HasNews
    {
        get
        {
            foreach (Tracee tracee in _pending)
            {
                if (tracee.IsResumed)
                {
                    return true;
                }
            }

            return _departed.Count > 0;
        }
    }

    /// <summary>Takes the next stop to report. When many threads have one, chance picks, or a busy thread would starve the others.</summary>
    internal bool TryTakeStop(out StopEvent stop)
    {
        AssertThread();
        stop = default;
        _told = default;
        if (!HasStopToTake)
        {
            return false;
        }

        _isStopReady = false;
        if (_departed.Count > 0)
        {
            stop = _departed[0];
            _departed.RemoveAt(0);
        }
        else
        {
            Tracee chosen = Choose();
            stop = chosen.Pending;
            _wasInterruptTold = chosen == _interrupted;
            RemovePending(chosen);
            chosen.IsResumed = false;
            chosen.LastStop = stop;
        }

        if (stop.Child.IsOne && _tracees.TryGetValue(stop.Child.Thread, out Tracee? child))
        {
            child.IsUntold = false;
        }

        if (IsNonStop)
        {
            _told = stop;
        }
        else
        {
            RestAll();
        }

        return true;
    }

    /// <summary>Whether a client that lets "all" run can mean this thread: it knows of it, and of its last stop.</summary>
    private bool IsKnown(Tracee tracee) => !tracee.IsUntold && !_told.Thread.Is(tracee.Id) && !_told.Child.Is(tracee.Id);

    /// <summary>Forgets what is still to be told of a process that the client is done with.</summary>
    /// <returns>Whether its end was among it.</returns>
    private bool DropDeparted(int process)
    {
        bool hadEnded = _departed.Exists(d => d.Thread.Process == process && d.Kind is StopKind.ProcessExited or StopKind.ProcessKilled);
        _departed.RemoveAll(d => d.Thread.Process == process);
        return hadEnded;
    }

    internal static bool TryGetStop(Tracee tracee, out StopEvent stop)
    {
        stop = tracee.LastStop;
        return !tracee.IsResumed && tracee.State != TraceeState.Exiting;
    }

    /// <summary>All-stop: whatever the debugger let run has stopped for it now.</summary>
    private void RestAll()
    {
        _quiet.Clear();
        foreach (TraceeProcess process in _processes)
        {
            foreach (Tracee tracee in process.Threads)
            {
                if (tracee.IsResumed)
                {
                    tracee.IsResumed = false;
                    tracee.Interruption = InterruptKind.None;
                    tracee.LastStop = new StopEvent { Thread = tracee.Id };
                }
            }
        }
    }

    private static bool IsToldFirst([NotNullWhen(true)] Tracee? tracee) => tracee is { HasPending: true, IsResumed: true };

    private Tracee Choose()
    {
        if (IsToldFirst(_interrupted))
        {
            return _interrupted;
        }

        int count = 0;
        foreach (Tracee tracee in _pending)
        {
            count += tracee.IsResumed ? 1 : 0;
        }

        int which = count == 1 ? 0 : _random.Next(count);
        foreach (Tracee tracee in _pending)
        {
            if (tracee.IsResumed && which-- == 0)
            {
                return tracee;
            }
        }

        throw new InvalidOperationException("there is no stop to choose");
    }

    /// <summary>A stop is at hand before the debugger resumed anything: a program was started or attached to.</summary>
    private void Announce(Tracee tracee)
    {
        _latest = tracee.Process;
        tracee.IsResumed = true;
        AddPending(tracee);
        _isStopReady = !IsNonStop;
    }

    private void AddPending(Tracee tracee)
    {
        if (!_pending.Contains(tracee))
        {
            _pending.Add(tracee);
        }
    }

    private void RemovePending(Tracee tracee)
    {
        tracee.HasPending = false;
        _pending.Remove(tracee);
        if (_interrupted == tracee)
        {
            _interrupted = null;
        }
    }

    private void DropPending(Tracee tracee)
    {
        if (UntoldChildOf(tracee) is { } child)
        {
            ReleaseUntold(child);
        }

        if (tracee.HasPending)
        {
            RemovePending(tracee);
        }
    }

    /// <summary>Whether the reason for a stop that was kept is still there: breakpoints come and go while a stop waits to be told.</summary>
    private static bool IsStale(Tracee tracee)
    {
        TraceeProcess process = tracee.Process;
        switch (tracee.Pending.Reason)
        {
            case StopReason.SoftwareBreakpoint:
                return tracee.Registers.ProgramCounter != tracee.PendingProgramCounter
                    || process.Space.StateAt(tracee.PendingProgramCounter) != TrapState.Planted;
            case StopReason.HardwareBreakpoint:
                return tracee.Registers.ProgramCounter != tracee.PendingProgramCounter
                    || !process.Hardware.Contains(BreakpointKind.Hardware, tracee.PendingProgramCounter, 1);
            case StopReason.WriteWatchpoint:
            case StopReason.AccessWatchpoint:
                return !process.Watchpoints.IsWatched(tracee.Pending.Address);
            default:
                return tracee.IsPendingStep;
        }
    }
}
