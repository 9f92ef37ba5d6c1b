using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Watching;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Tracing;

// What processes do, and what that means for the trace.
internal sealed partial class Tracer
{
    private const int SignalStatus = 128;

    private static readonly ulong[] s_allSignals = [ulong.MaxValue, ulong.MaxValue];

    private void AttachTo(int process)
    {
        ProcessId = process;
        Prepare();
        Require(Session.Attach(process));
        AddImage(process);
        ListenToMappings(process);
        TraceAll(process, isRequired: true);

        // Only from when its threads were stopped for the first probe on do we hear of new ones.
        TraceAll(process, isRequired: false);
    }

    private void StartProgram(IReadOnlyList<byte[]> command)
    {
        Prepare();
        LaunchSettings settings = new() { Arguments = command, IsThroughShell = false, DisablesRandomization = false, KeepsProcessGroup = true };
        Require(Session.Run(settings.ToRequest(), out int process));
        _ = Session.TryTakeStop(out StopEvent first);
        ProcessId = process;
        AddImage(process);
        ListenToMappings(process);
        if (_memory.Symbol is not null)
        {
            StopAtEntry(process);
        }

        TraceAll(process, isRequired: _memory.Length > 0);
        Resume(first.Thread, 0);
        ServeStops(untilEntry: true);
    }

    private void Prepare()
    {
        Session.SetNonStop(true);
        Session.SetForkEvents(forks: true, vforks: true);
        Session.SetExecEvents(true);
        Session.SetPassedSignals(s_allSignals);
    }

    private void ServeStops(bool untilEntry)
    {
        while (Session.HasProcesses && (!untilEntry || _entry != 0) && (Session.Wait(-1, block: true) & WaitResult.Shutdown) == 0)
        {
            while (Session.TryTakeStop(out StopEvent stop))
            {
                OnStop(stop);
            }
        }
    }

    private void OnStop(in StopEvent stop)
    {
        int signal = 0;
        switch (stop.Kind)
        {
            case StopKind.ProcessExited:
            case StopKind.ProcessKilled:
                OnEnd(stop);
                return;
            case StopKind.Forked:
                OnForked(stop.Thread.Process, stop.Child.Process);
                Resume(stop.Child, 0);
                break;
            case StopKind.Vforked:
                // It runs in its parent's memory, where the parent's probes are.
                _images[stop.Child.Process] = _images[stop.Thread.Process];
                Records.Add(new TraceRecord { Kind = TraceRecordKind.Program, Process = stop.Child.Process, Image = _images[stop.Thread.Process] });
                Resume(stop.Child, 0);
                break;
            case StopKind.Executed:
                OnExecuted(stop.Thread.Process);
                break;
            case StopKind.SyscallReturn:
                OnMappingCall(stop.Thread, stop.Code);
                break;
            case StopKind.Signal when stop.Reason == StopReason.SoftwareBreakpoint:
                OnEntry(stop.Thread.Process);
                break;
            case StopKind.Signal:
                signal = stop.Signal;
                break;
        }

        Resume(stop.Thread, signal);
    }

    private void OnEnd(in StopEvent stop)
    {
        int process = stop.Thread.Process;
        if (process == ProcessId)
        {
            ExitStatus = stop.Kind == StopKind.ProcessExited ? stop.Code : SignalStatus + stop.Signal;
        }

        foreach (MappingSink sink in SinksOf(process))
        {
            Forget(sink);
        }
    }

    private void OnForked(int parent, int child)
    {
        ProcessImage image = _images[parent];
        _images[child] = image;
        Records.Add(new TraceRecord { Kind = TraceRecordKind.Program, Process = child, Image = image });
        if (_memory.Pattern is not null)
        {
            // What the child has of them now: a mapping may have shrunk since it was found.
            TraceAll(child, isRequired: false);
            return;
        }

        foreach (MappingSink sink in SinksOf(parent))
        {
            Trace(sink.Mapping with { Id = ++_lastId, ProcessId = child }, isRequired: false);
        }
    }

    private void OnExecuted(int process)
    {
        foreach (MappingSink sink in SinksOf(process))
        {
            Forget(sink);
        }

        AddImage(process);
        ListenToMappings(process);
        if (_memory.Length == 0)
        {
            TraceAll(process, isRequired: false);
        }
    }

    private void Resume(ThreadId thread, int signal)
    {
        ResumeAction action = new() { Threads = thread, Kind = ResumeKind.Continue, Signal = signal };
        Session.Resume(new ReadOnlySpan<ResumeAction>(in action));
    }

    /// <summary>Takes everything back and lets every process go.</summary>
    private void LetGo()
    {
        bool hasFailed = !_armed.Task.IsCompletedSuccessfully;
        foreach (TraceeProcess process in Session.Processes.ToArray())
        {
            foreach (MappingSink sink in SinksOf(process.Id))
            {
                if (sink.Probe is { IsActive: true } probe)
                {
                    Session.RemoveProbe(probe);
                }

                Forget(sink);
            }

            if (hasFailed && !process.WasAttached)
            {
                Session.Kill(process.Id);
            }
            else
            {
                Session.Detach(process.Id);
            }
        }
    }

    private void Require(TargetStatus status)
    {
        if (status != TargetStatus.Ok)
        {
            throw new AccessTraceException(Session.LastError);
        }
    }
}
