using Haltpoint.Stopping;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>The machine of a <see cref="ModelState"/>.</summary>
internal struct ModelTarget(ModelState state) : IRoundupTarget<ModelTarget>
{
    public const long Patience = 10;

    /// <summary>An address at which there never was a trap.</summary>
    public const ulong NoTrap = 0xBAD;

    private long _now = 1;

    /// <summary>For one step, every wait that has begun is over.</summary>
    public void SetTimeUp(bool isUp) => _now = isUp ? 1 + Patience : 1;

    /// <summary>Every wait that has begun is over.</summary>
    public void Pass() => _now += Patience;

    public static long Now(ref ModelTarget self) => self._now;

    public static void Relax(ref ModelTarget self) { }

    public static void Sleep(ref ModelTarget self, int cpu)
    {
        ref ModelCpu model = ref self.Cpu(cpu);
        model.IsAsleep = !model.IsWakePending;
        model.IsWakePending = false;
    }

    public static void Wake(ref ModelTarget self, int cpu)
    {
        ref ModelCpu model = ref self.Cpu(cpu);
        model.IsWakePending = !model.IsAsleep;
        model.IsAsleep = false;
    }

    public static void SendNmi(ref ModelTarget self, int cpu) => self.Cpu(cpu).IsNmiPending = true;

    public static void Disarm(ref ModelTarget self, int cpu) => self.Cpu(cpu).Registers = ModelCpu.RegistersOff;

    public static void Rearm(ref ModelTarget self, int cpu) => self.Cpu(cpu).Registers = self.State.Desired;

    public static ulong ThreadOn(ref ModelTarget self, int cpu) => (ulong)cpu + 100;

    public static bool IsWanted(ref ModelTarget self, int cpu)
    {
        ref ModelCpu model = ref self.Cpu(cpu);
        ModelViolation.If(!model.HasOpenHit, "a hit that was told or dropped is judged again");
        if (model.IsUnwanted)
        {
            model.HasOpenHit = false;
            model.IsUnwanted = false;
            return false;
        }

        return true;
    }

    public static bool TryTakeBreakIn(ref ModelTarget self, int cpu)
    {
        // One that an NMI caught on its way in with a hit has that to tell.
        bool isAsked = self.State.IsBreakInAsked && !self.Cpu(cpu).HasOpenHit;
        if (isAsked)
        {
            self.State.IsBreakInAsked = false;
            self.Cpu(cpu).HasOpenHit = true;
        }

        return isAsked;
    }

    public static TrapRemoval RemoveTrap(ref ModelTarget self, int cpu, ulong address)
    {
        if (address == NoTrap || !self.State.IsTrapInside)
        {
            return address == NoTrap ? TrapRemoval.NotATrap : TrapRemoval.AlreadyGone;
        }

        self.State.IsTrapInside = false;
        self.State.RemovedUntold++;
        return TrapRemoval.Removed;
    }

    private readonly ModelState State => state;

    private readonly ref ModelCpu Cpu(int cpu) => ref state.Cpu(cpu);
}
