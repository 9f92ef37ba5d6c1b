using System.Runtime.CompilerServices;
using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Debugging;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Logging;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>CPUs on which no other thread gets a turn (soft), and CPUs that take no interrupts (hard).</summary>
/// <remarks>
/// A CPU finds the first by itself, in its tick. The second is found by the next CPU that still has ticks, which then sends an NMI for a backtrace:
/// no counter of the processor is needed that interrupts by NMI, so it works in emulators, but not with one CPU alone.
/// </remarks>
internal static unsafe class LockupWatch
{
    private static SoftLockups s_soft;
    private static HardLockups s_hard;

    /// <summary>The scheduler could have given the CPU to another thread.</summary>
    public static void Run(Cpu* cpu) => s_soft[cpu->Index].Run(cpu->TickTime);

    public static bool IsLocked(int cpu) => s_hard[cpu].IsLocked;

    /// <summary>From the tick, before the scheduler has its turn.</summary>
    public static void Tick(Cpu* cpu, InterruptFrame* frame)
    {
        TickClock clock = new(cpu);
        long stuck = s_soft[cpu->Index].Check(ref clock, Thresholds.Soft, Touches.Soft);
        if (stuck > 0)
        {
            Log.Write($"watchdogs: soft lockup: CPU {cpu->Index} has been in thread {cpu->Current->Id} {cpu->Current->Name} for {stuck / Thresholds.Second} s");
            Backtraces.Print(frame);
        }

        // The next one; and if that one is locked, whom it would watch.
        for (int i = 1; i < CpuTable.Count; i++)
        {
            Cpu* other = CpuTable.At((cpu->Index + i) % CpuTable.Count);
            if (other->IsOnline != 0 && !CheckHard(other, ref clock))
            {
                break;
            }
        }
    }

    // Whether it is locked.
    private static bool CheckHard(Cpu* other, ref TickClock clock)
    {
        ref HardLockup watched = ref s_hard[other->Index];
        if (Touches.IsOn(DetectorKinds.Hard) && Debugger.Holds(other->Index))
        {
            watched.Forget();
            return true;
        }

        long stuck = watched.Check(Volatile.Read(ref other->Ticks), ref clock, Thresholds.Hard, Touches.Hard);
        if (stuck > 0)
        {
            Log.Write($"watchdogs: hard lockup: CPU {other->Index} has had no tick for {stuck / Thresholds.Second} s, thread {other->Current->Id} {other->Current->Name}");
            Backtraces.Ask(other);
        }

        return watched.IsLocked;
    }

    [InlineArray(Cpu.Max)]
    private struct SoftLockups
    {
        private SoftLockup _first;
    }

    [InlineArray(Cpu.Max)]
    private struct HardLockups
    {
        private HardLockup _first;
    }
}
