using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Procfs;

namespace Haltpoint.Linux.Ptrace;

// Stopping many threads.
public sealed unsafe partial class PtraceSession
{
    private const int LooksAtVforkParent = 2;
    private const int YieldsBeforeSleep = 2000;
    private const int LooksBeforeDoubt = 20;

    private readonly List<Tracee> _stopping = [];

    private void StopAll() => Stop(null, null);

    /// <summary>Stops every running thread in an address space, or in all, but one.</summary>
    /// <remarks>
    /// Each thread is waited for by its own id: for "any" the kernel walks over all of them each time. First threads come last: after
    /// an exit their end is told only when all others' have been taken.
    /// </remarks>
    private void Stop(AddressSpace? space, Tracee? but)
    {
        _stopping.Clear();
        foreach (Tracee tracee in _running)
        {
            if (tracee != but && (space is null || tracee.Process.Space == space) && !tracee.IsLeader)
            {
                _stopping.Add(tracee);
            }
        }

        foreach (Tracee tracee in _running)
        {
            if (tracee != but && (space is null || tracee.Process.Space == space) && tracee.IsLeader)
            {
                _stopping.Add(tracee);
            }
        }

        InterruptAll();

        foreach (Tracee tracee in _stopping)
        {
            AwaitStop(tracee);
        }
    }

    private void InterruptAll()
    {
        using UrgentScope urgent = new(_stopping.Count);
        foreach (Tracee tracee in _stopping)
        {
            tracee.TryInterrupt();
        }
    }

    private void AwaitStop(Tracee tracee)
    {
        for (int looks = 0; tracee.State == TraceeState.Running; looks++)
        {
            int word;
            int found = Libc.Wait4(tracee.Thread, &word, Libc.WaitOwnTracees | Libc.WaitNoHang, null);
            if (found > 0)
            {
                Absorb(found, new WaitStatus(word));
            }
            else if (found < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                // Its id went to the thread that executed a program.
                RemoveThread(tracee);
            }
            else if (tracee.IsInVfork && looks >= LooksAtVforkParent)
            {
                return;
            }
            else if (looks < YieldsBeforeSleep)
            {
                Libc.SchedYield();
            }
            else
            {
                Libc.Poll(null, 0, 1);
                if (looks > YieldsBeforeSleep + LooksBeforeDoubt && ThreadStat.ReadState(tracee.Thread) is 'D' or 'Z')
                {
                    // Held in the kernel: it runs no instruction before it comes to its stop.
                    return;
                }
            }
        }
    }
}
