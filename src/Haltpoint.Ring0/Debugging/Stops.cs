using Haltpoint.Ring0.Cpus;
using Haltpoint.Rsp;
using Haltpoint.Stopping;

namespace Haltpoint.Ring0.Debugging;

/// <summary>What there is to tell of a stopped machine. Of the master alone.</summary>
internal static class Stops
{
    private static StopEvent s_queued;
    private static int s_master;

    public static bool IsAnyQueued { get; private set; }

    /// <summary>The machine has just been stopped, or another CPU became its master.</summary>
    public static void Begin(int master)
    {
        s_master = master;
        Resumption.Forget();
        KernelMemory memory = default;
        for (int i = 0; i < Debugger.Traps.Count; i++)
        {
            Debugger.Traps.Lift(ref memory, Debugger.Traps[i].Address);
        }

        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            if (Debugger.Roundup.IsStopped(cpu))
            {
                Hits.Judge(cpu, ref Debugger.Cpu(cpu));
            }
        }

        TryQueue();
    }

    /// <summary>Queues the next hit that nobody has told; a break-in is told when the client has said what it wants.</summary>
    public static bool TryQueue()
    {
        while (!IsAnyQueued && Debugger.Roundup.TryTakeHit(ref Debugger.Machine, s_master, out int cpu))
        {
            if (Debugger.Cpu(cpu).Cause != StopCause.BreakIn)
            {
                s_queued = Debugger.Cpu(cpu).Stop;
                IsAnyQueued = true;
            }
        }

        return IsAnyQueued;
    }

    /// <summary>A CPU has made its step without running.</summary>
    public static void QueueStep(int cpu)
    {
        s_queued = new StopEvent { Thread = MachineThreads.OfCpu(cpu), Kind = StopKind.Signal, Signal = GdbSignal.Trap };
        Debugger.Cpu(cpu).Stop = s_queued;
        IsAnyQueued = true;
    }

    /// <summary>The client asked for a stop.</summary>
    public static void QueueInterrupt()
    {
        if (!IsAnyQueued)
        {
            s_queued = new StopEvent { Thread = MachineThreads.OfCpu(s_master), Kind = StopKind.Signal, Signal = GdbSignal.Interrupt };
            Debugger.Cpu(s_master).Stop = s_queued;
            IsAnyQueued = true;

            // Owed since the last stop, it comes with the next resume, which then is none.
            Resumption.Forget();
        }
    }

    /// <summary>Nobody is left who could be told.</summary>
    public static void Forget() => IsAnyQueued = false;

    public static bool TryTake(out StopEvent stop)
    {
        stop = s_queued;
        bool isAny = IsAnyQueued;
        IsAnyQueued = false;
        return isAny;
    }
}
