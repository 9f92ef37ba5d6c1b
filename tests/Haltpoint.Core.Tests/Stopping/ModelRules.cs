using Haltpoint.Stopping;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>What must hold in every state of a <see cref="ModelWorld"/>, whatever happened.</summary>
internal sealed class ModelRules(int cpus)
{
    /// <summary>What a step is compared with.</summary>
    public struct Before
    {
        public bool WasMaster;
        public int Active;
        public RoundupPhase Phase;
        public ulong Held;
    }

    /// <summary>Whether the CPU holds the master lock.</summary>
    public static bool IsMaster(ModelState state, int cpu)
    {
        ref RoundupCpu record = ref state.Record(cpu);
        if ((record.State & CpuState.In) == 0)
        {
            return false;
        }

        return record.Phase switch
        {
            // The mastership goes with the offer.
            RoundupPhase.HandingOver => record.Offer == state.All.Offer,
            RoundupPhase.Judging or RoundupPhase.GivingUp => true,
            >= RoundupPhase.Claiming and <= RoundupPhase.Unlocking => true,
            _ => false,
        };
    }

    public Before LookBefore(ModelState state, int cpu)
    {
        Before before = new()
        {
            WasMaster = IsMaster(state, cpu),
            Active = state.All.Active,
            Phase = state.Record(cpu).Phase,
        };
        for (int i = 0; i < cpus; i++)
        {
            before.Held |= (state.Record(i).State & CpuState.Held) != 0 ? 1ul << i : 0;
        }

        return before;
    }

    public void Check(ModelState state, int cpu, ModelActionKind kind, in Before before)
    {
        ModelViolation.If(state.All.Active != before.Active && !before.WasMaster && !IsMaster(state, cpu), "the active CPU changes without the lock");
        int masters = 0;
        int ready = 0;
        for (int i = 0; i < cpus; i++)
        {
            masters += IsMaster(state, i) ? 1 : 0;
            ready += (state.Record(i).State & CpuState.Ready) != 0 ? 1 : 0;
            if (state.Record(i).Phase == RoundupPhase.Serving && (state.Record(i).State & CpuState.In) != 0)
            {
                CheckServing(state, i);
            }
        }

        ModelViolation.If(masters > 1, "two masters");
        ModelViolation.If(state.All.MasterLock != masters, "the lock and its holder differ");
        ModelViolation.If(state.All.Active != 0 && masters == 0, "an active CPU and no master");
        ModelViolation.If((state.All.Census & 0xFFFF) + (state.All.Census >> 16) > ready, "more are counted than are in with their registers off");
        CheckMaster(state, cpu, kind, before);
    }

    public bool IsQuiet(ModelState state)
    {
        int counted = 0;
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            ref ModelCpu model = ref state.Cpu(cpu);
            bool isIn = (state.Record(cpu).State & CpuState.In) != 0;
            if (!model.IsDead && (isIn || model.IsTrapped || model.IsNmiPending || model.OwesStep))
            {
                return false;
            }

            counted += model.IsDead && isIn ? 1 : 0;
        }

        ModelViolation.If(state.All.MasterLock != 0 || state.All.Active != 0, "all are out and somebody is master");
        ModelViolation.If((state.All.Census & 0xFFFF) + (state.All.Census >> 16) > counted, "all are out and some are counted");
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            ref ModelCpu model = ref state.Cpu(cpu);
            const CpuState Left = CpuState.Held | CpuState.Hit | CpuState.Asked | CpuState.Kept | CpuState.Lingers | CpuState.Asleep | CpuState.Absent;
            if (!model.IsDead && !model.IsOffline)
            {
                ModelViolation.If((state.Record(cpu).State & Left) != 0, "all are out and something is left over");
                ModelViolation.If(model.HasOpenHit, "all are out and a hit is untold");
                ModelViolation.If(model.Registers != state.Desired, "a CPU runs with other debug registers than are wanted");
            }
        }

        return true;
    }

    private void CheckServing(ModelState state, int master)
    {
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            CpuState is_ = state.Record(cpu).State;
            if (cpu == master || (is_ & CpuState.Online) == 0)
            {
                continue;
            }

            bool isHeld = (is_ & (CpuState.Held | CpuState.In)) == (CpuState.Held | CpuState.In);
            bool isAbsent = (is_ & CpuState.Absent) != 0;
            ModelViolation.If(!isHeld && !isAbsent, "a CPU that is neither held nor named runs while the debugger works");
            ModelViolation.If(!isAbsent && state.Cpu(cpu).Registers != ModelCpu.RegistersOff, "debug registers are on while the debugger works");
            ModelViolation.If((is_ & CpuState.Ready) != 0 && state.Cpu(cpu).Registers != ModelCpu.RegistersOff, "a ready CPU has debug registers on");
            ModelViolation.If(isAbsent && (is_ & CpuState.Ready) != 0, "a CPU is named absent and is there");
        }

        ModelViolation.If(state.Cpu(master).Registers != ModelCpu.RegistersOff, "the master has debug registers on");
    }

    private void CheckMaster(ModelState state, int cpu, ModelActionKind kind, in Before before)
    {
        RoundupPhase now = state.Record(cpu).Phase;
        if (before.Phase == RoundupPhase.Judging && now == RoundupPhase.Claiming && kind == ModelActionKind.Step)
        {
            ModelViolation.If(state.All.StepThread != 0 && state.All.StepThread != cpu + 100, "a thread is master before the one that steps");
        }

        for (int i = 0; i < cpus; i++)
        {
            CpuState others = state.Record(i).State;
            bool isReleased = (before.Held >> i & 1) != 0 && (others & CpuState.Held) == 0;
            if (isReleased && before.Phase == RoundupPhase.Releasing && (others & (CpuState.In | CpuState.Hit | CpuState.Absent)) == CpuState.In)
            {
                state.Cpu(i).MustLeave = true;
            }

            if ((others & CpuState.Absent) != 0)
            {
                state.Cpu(i).MustLeave = false; // it was named
            }

            if (before.Phase == RoundupPhase.Retiring && now != RoundupPhase.Retiring)
            {
                ModelViolation.If(state.Cpu(i).MustLeave && !state.Cpu(i).IsDead, "the mastership ends before a CPU that was let go has left");
                state.Cpu(i).MustLeave = false;
            }
        }
    }
}
