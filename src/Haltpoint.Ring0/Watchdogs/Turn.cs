using System.Threading;
using Haltpoint.Locks;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>Something done now and then, by the CPUs in turn, and by any other when the one whose turn it is does not come.</summary>
internal unsafe struct Turn
{
    private int _lock;
    private int _next;
    private long _due;

    /// <summary>From the tick: whether to do it now, on this CPU. Then <see cref="End"/> has to follow.</summary>
    public bool TryBegin(Cpu* cpu, long period)
    {
        long due = Volatile.Read(ref _due);
        bool isTime = cpu->TickTime >= due + (Volatile.Read(ref _next) == cpu->Index ? 0 : period);

        // Never waits: a debugger may have stopped whoever is doing it.
        if (!isTime || !WordLock.TryEnter(ref _lock))
        {
            return false;
        }

        if (Volatile.Read(ref _due) != due)
        {
            WordLock.Exit(ref _lock);
            return false;
        }

        int next = cpu->Index;
        do
        {
            next = (next + 1) % CpuTable.Count;
        }
        while ((CpuTable.Online >> next & 1) == 0);

        Volatile.Write(ref _next, next);
        Volatile.Write(ref _due, cpu->TickTime + period);
        return true;
    }

    public void End() => WordLock.Exit(ref _lock);
}
