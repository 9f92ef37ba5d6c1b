using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Interop;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Letting go, and ending.
public sealed unsafe partial class PtraceSession
{
    internal TargetStatus Detach(int id)
    {
        AssertThread();
        if (FindProcess(id) is not { } process)
        {
            return TargetStatus.NoSuchProcess;
        }

        Stop(process, null);
        if (!_processes.Contains(process))
        {
            return TargetStatus.NoSuchProcess;
        }

        if (!process.Space.IsShared)
        {
            process.Space.RemoveAll();
        }

        process.WantedDebugRegisters = default;
        foreach (Tracee tracee in process.Threads)
        {
            if (tracee.State == TraceeState.Stopped)
            {
                LetGo(tracee);
            }
        }

        RemoveProcess(process);
        return TargetStatus.Ok;
    }

    internal TargetStatus Kill(int id)
    {
        AssertThread();
        if (FindProcess(id) is not { } process)
        {
            return TargetStatus.NoSuchProcess;
        }

        Libc.Kill(id, SignalNumber.Kill);
        List<Tracee> threads = [.. process.Threads];
        foreach (Tracee tracee in threads)
        {
            if (!tracee.IsLeader)
            {
                Reap(tracee.Thread);
            }
        }

        Reap(id);
        RemoveProcess(process);
        return TargetStatus.Ok;
    }

    private static void Reap(int thread)
    {
        while (true)
        {
            int word;
            if (Libc.Wait4(thread, &word, Libc.WaitOwnTracees, null) < 0)
            {
                if (Marshal.GetLastPInvokeError() == Errno.EINTR)
                {
                    continue;
                }

                return;
            }

            if (!new WaitStatus(word).IsStopped)
            {
                return;
            }

            Libc.Ptrace(TraceRequest.Continue, thread, 0, null);
        }
    }

    private void LetGo(Tracee tracee)
    {
        SynchroniseDebugRegisters(tracee);
        tracee.Registers.TryFlush();
        int signal = TakeSignal(tracee);
        if (signal == 0 && tracee.IsAtSignal && tracee.Status.StopSignal != SignalNumber.Trap)
        {
            signal = tracee.Status.StopSignal;
        }

        tracee.Ask(TraceRequest.Detach, 0, (void*)signal);
    }
}
