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
        SeizeThreads(process);
        foreach (Tracee tracee in process.Threads)
        {
            tracee.IsResumed = true;
        }

        if (IsNonStop)
        {
            return TargetStatus.Ok;
        }

        Stop(process.Space, null);
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

    // Threads that are traced already announce what they start; those that are not may start others unseen. So the list is read
    // until a pass finds nobody new.
    private void SeizeThreads(TraceeProcess process)
    {
        List<int> threads = [];
        bool foundNew;
        do
        {
            foundNew = false;
            TaskList.Read(process.Id, threads);
            foreach (int thread in threads)
            {
                if (!_tracees.ContainsKey(thread) && TrySeize(thread))
                {
                    MarkRunning(AddThread(process, thread));
                    foundNew = true;
                }
            }
        }
        while (foundNew);
    }
}
