using System;
using System.Collections.Generic;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Procfs;

namespace Haltpoint.Linux.Perf;

/// <summary>The events of one watch: a slot for each piece, on each CPU, of each thread that was there when it began.</summary>
/// <remarks>
/// All or nothing: as soon as one is refused, those that are open are closed. One event per CPU and not one per thread, because
/// an inheritable event has a ring only when it is bound to a CPU.
/// Not for two callers at once.
/// </remarks>
internal sealed unsafe class WatchEvents(WatchPlan plan, PerfRing[] rings) : IDisposable
{
    private readonly List<PerfEvent> _events = [];
    private readonly HashSet<int> _threads = [];
    private readonly List<int> _listed = [];

    public int Count => _events.Count;

    /// <summary>
    /// Threads that were found only after others had their events. Such a thread may have inherited events besides its own, if its
    /// creator had them already: then each of its hits has two samples, with different ids, one behind the other in the ring.
    /// </summary>
    public HashSet<int> LateThreads { get; } = [];

    /// <summary>Opens the events of every thread of a process; threads that end meanwhile are left out.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="late">Whether it may have been started by one whose events are open.</param>
    public PerfRefusal AddProcess(int process, bool late = false)
    {
        int before = _events.Count;
        int found;
        do
        {
            found = 0;
            TaskList.Read(process, _listed);
            foreach (int thread in _listed)
            {
                if (!_threads.Add(thread))
                {
                    continue;
                }

                found++;
                PerfRefusal refusal = AddThread(thread);
                if (refusal.Status == PerfStatus.NoThread)
                {
                    continue;
                }

                if (!refusal.IsOk)
                {
                    Clear();
                    return refusal;
                }

                if (late)
                {
                    LateThreads.Add(thread);
                }
            }

            late = true;
        }
        while (found > 0);

        return _events.Count > before ? default : new PerfRefusal(PerfStatus.NoThread, process, -1, 0);
    }

    /// <summary>Opens the events of one thread.</summary>
    public PerfRefusal AddThread(int thread)
    {
        int before = _events.Count;
        for (int ring = 0; ring < rings.Length; ring++)
        {
            PerfRefusal refusal = AddOnCpu(thread, ring);
            if (!refusal.IsOk)
            {
                RemoveFrom(before);
                return refusal;
            }
        }

        return default;
    }

    /// <summary>Opens the events of whatever runs on the CPUs of the rings.</summary>
    public PerfRefusal AddCpus()
    {
        PerfRefusal refusal = AddThread(-1);
        if (!refusal.IsOk)
        {
            Clear();
        }

        return refusal;
    }

    public void Enable()
    {
        foreach (PerfEvent opened in _events)
        {
            _ = opened.Enable();
        }
    }

    /// <summary>After this the counts stand still.</summary>
    public void Disable()
    {
        foreach (PerfEvent opened in _events)
        {
            _ = opened.Disable();
        }
    }

    /// <summary>Hits on any piece, by anybody watched, whether or not a ring had room for them.</summary>
    public ulong ReadCount()
    {
        ulong count = 0;
        foreach (PerfEvent opened in _events)
        {
            count += opened.ReadCount();
        }

        return count;
    }

    /// <summary>Whether every watched thread, and every one that inherited from it, ended or became another program.</summary>
    public bool HaveEnded()
    {
        const int Batch = 64;
        Libc.PollFd* waits = stackalloc Libc.PollFd[Batch];
        for (int start = 0; start < _events.Count; start += Batch)
        {
            int count = int.Min(Batch, _events.Count - start);
            for (int i = 0; i < count; i++)
            {
                waits[i] = new Libc.PollFd { Fd = _events[start + i].Fd };
            }

            _ = Libc.Poll(waits, (nuint)count, 0);
            for (int i = 0; i < count; i++)
            {
                if ((waits[i].Revents & Libc.PollHup) == 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    public void Dispose() => Clear();

    private PerfRefusal AddOnCpu(int thread, int ring)
    {
        for (int piece = 0; piece < plan.Pieces.Length; piece++)
        {
            PerfStatus status = PerfEvent.TryOpen(plan.CreateAttr(piece), thread, rings[ring].Cpu, out PerfEvent? opened);
            if (status == PerfStatus.Ok)
            {
                _events.Add(opened!);
                status = opened!.Redirect(rings[ring].Owner);
            }

            if (status != PerfStatus.Ok)
            {
                return new PerfRefusal(status, thread, rings[ring].Cpu, piece);
            }
        }

        return default;
    }

    private void Clear() => RemoveFrom(0);

    private void RemoveFrom(int start)
    {
        for (int i = start; i < _events.Count; i++)
        {
            _events[i].Dispose();
        }

        _events.RemoveRange(start, _events.Count - start);
    }
}
