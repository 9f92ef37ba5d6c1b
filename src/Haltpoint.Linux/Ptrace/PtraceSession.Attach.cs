using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Procfs;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Taking over a running process.
public sealed unsafe partial class PtraceSession
{
    /// <summary>Traces all threads of a process. In all-stop mode they are stopped, and a stop is ready to be taken.</summary>
    public TargetStatus Attach(int id)
    {
        AssertThread();
        if (FindProcess(id) is not null)
        {
            return Refuse(TargetStatus.Refused, $"process {id} is debugged by this server already");
        }

        ProcessStatus status = ProcessStatus.Read(id);
        if (AttachRefusal.Foresees(id, status, out TargetStatus refusal, out string reason))
        {
            return Refuse(refusal, reason);
        }

        if (!TrySeize(id))
        {
            refusal = AttachRefusal.Explain(id, status, Marshal.GetLastPInvokeError(), out reason);
            return Refuse(refusal, reason);
        }

        if (ProcessMemory.Open(id) is not { } memory)
        {
            Libc.Ptrace(TraceRequest.Detach, id, 0, null);
            return Refuse(TargetStatus.NoSuchProcess, $"process {id} has no memory: it has ended");
        }

        TraceeProcess process = AddProcess(id, wasAttached: true, new AddressSpace(memory));
        MarkRunning(AddThread(process, id));
        do
        {
            // One that was starting another when it was seized does not announce that one: when it has stopped, it is in the list.
            Stop(process.Space, null);
        }
        while (SeizeThreads(process));

        foreach (Tracee tracee in process.Threads)
        {
            tracee.IsResumed = true;
        }

        if (process.Threads.Count == 0)
        {
            DropDeparted(id);
            return Refuse(TargetStatus.NoSuchProcess, $"process {id} has just ended");
        }

        if (IsNonStop)
        {
            Settle();
            return TargetStatus.Ok;
        }

        Tracee first = process.Threads[0];
        if (!first.HasPending)
        {
            first.Report(StopKind.Signal, SignalNumber.Trap);
        }

        Announce(first);
        return TargetStatus.Ok;
    }

    private static bool TrySeize(int thread) =>
        Libc.Ptrace(TraceRequest.Seize, thread, 0, (void*)(ulong)TraceOptions.Always) == 0;

    /// <summary>Traces every thread that is in the list.</summary>
    /// <returns>Whether there were any that were not traced.</returns>
    private bool SeizeThreads(TraceeProcess process)
    {
        bool foundNew = false;
        TaskList.HoldAll(process.Id, thread =>
        {
            if (_tracees.ContainsKey(thread))
            {
                return true;
            }

            if (TrySeize(thread))
            {
                MarkRunning(AddThread(process, thread));
                foundNew = true;
                return true;
            }

            // Started by one of ours and not told yet; a first thread that has ended, which stays in the list; or one that is alive and
            // not ours to trace (ptrace(2), EPERM: it has credentials of its own).
            bool isRefused = Marshal.GetLastPInvokeError() == Errno.EPERM;
            ProcessStatus status = ProcessStatus.Read(thread);
            bool isEnding = !status.Exists || status.State is 'Z' or 'X';
            return status.Tracer != 0 || (isEnding ? status.State == 'Z' && thread == process.Id : isRefused);
        });
        return foundNew;
    }
}
