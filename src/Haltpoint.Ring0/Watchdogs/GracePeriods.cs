using System.Threading;
using Haltpoint.Locks;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Debugging;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Threads;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>A grace period is over when each CPU has had a tick outside of every section that may not be preempted: nobody holds any more what was
/// taken away before it began. One follows the other; one that does not end is a stall.</summary>
internal static unsafe class GracePeriods
{
    private static int s_lock;
    private static long s_period;
    private static StallDetector s_stall;

    /// <summary>Periods that have ended.</summary>
    public static long Ended => Volatile.Read(ref s_period) - 1;

    /// <summary>Returns when everything has been let go that any CPU held at the call.</summary>
    public static void Wait()
    {
        // The present one may have begun before the call.
        long last = Volatile.Read(ref s_period) + 1;
        while (Ended < last)
        {
            Scheduler.Sleep(10);
        }
    }

    /// <summary>From each CPU's tick.</summary>
    public static void Tick(Cpu* cpu)
    {
        if (cpu->PreemptionOff == 0)
        {
            Volatile.Write(ref cpu->GracePeriod, Volatile.Read(ref s_period));
        }

        // Never waits: a debugger may have stopped whoever looks.
        if (!WordLock.TryEnter(ref s_lock))
        {
            return;
        }

        TickClock clock = new(cpu);
        long missing = 0;
        bool isHeld = false;
        for (int i = 0; i < CpuTable.Count; i++)
        {
            if ((CpuTable.Online >> i & 1) != 0 && Volatile.Read(ref CpuTable.At(i)->GracePeriod) < s_period)
            {
                missing |= 1L << i;
                isHeld |= Debugger.Holds(i);
            }
        }

        if (missing == 0)
        {
            Volatile.Write(ref s_period, s_period + 1);
            s_stall.Begin(ref clock, Thresholds.Stall, Touches.Stall);
        }
        else if (isHeld && Touches.IsOn(DetectorKinds.Stall))
        {
            s_stall.Begin(ref clock, Thresholds.Stall, Touches.Stall);
        }
        else
        {
            long stalled = s_stall.Check(ref clock, Thresholds.Stall, Touches.Stall);
            if (stalled > 0)
            {
                Log.Write($"watchdogs: stall: a grace period has not ended for {stalled / Thresholds.Second} s, for want of CPUs {(ulong)missing:x}");
            }
        }

        WordLock.Exit(ref s_lock);
    }
}
