using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>Everything that watches, in each CPU's tick, interrupts off.</summary>
internal static unsafe class WatchdogTick
{
    /// <summary>Before the scheduler has its turn: that is what is watched.</summary>
    public static void Run(Cpu* cpu, InterruptFrame* frame)
    {
        cpu->TickTime = (long)Clock.Nanoseconds;
        LockupWatch.Tick(cpu, frame);
        ClockWatch.Tick(cpu);
        HungTaskWatch.Tick(cpu);
        GracePeriods.Tick(cpu);
    }
}
