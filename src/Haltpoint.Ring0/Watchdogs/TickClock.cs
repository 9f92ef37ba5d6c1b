using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Time;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>A CPU's clock for its detectors, in nanoseconds: the time of its last tick. On the CPU itself, interrupts off.</summary>
internal unsafe struct TickClock(Cpu* cpu) : IDetectorClock<TickClock>
{
    private readonly Cpu* _cpu = cpu;

    public static long Now(ref TickClock self) => self._cpu->TickTime;

    public static void Synchronise(ref TickClock self) => self._cpu->TickTime = (long)Clock.Nanoseconds;
}
