using System;
using System.Threading;
using Haltpoint.Locks;

namespace Haltpoint.Stopping;

// Coming in, waiting inside, going out.
public readonly unsafe partial struct Roundup<TTarget>
{
    /// <summary>Takes one step of a CPU that has entered, on that CPU.</summary>
    public RoundupNext Step(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        switch (own.Phase)
        {
            case RoundupPhase.Disarming:
                TTarget.Disarm(ref target, cpu);
                return GoTo(cpu, RoundupPhase.Readying);

            case RoundupPhase.Readying:
                own.Change(CpuState.Ready, CpuState.Absent);
                return GoTo(cpu, RoundupPhase.Counting);

            case RoundupPhase.Counting:
                Interlocked.Add(ref _all->Census, own.Weight);
                return GoTo(cpu, RoundupPhase.Waiting);

            case RoundupPhase.Waiting:
                return Wait(ref target, cpu);

            case RoundupPhase.Uncounting:
                Interlocked.Add(ref _all->Census, -own.Weight);
                return GoTo(cpu, RoundupPhase.Unreadying);

            case RoundupPhase.Unreadying:
                bool isFree = own.TryChange(CpuState.None, CpuState.Held, CpuState.None, CpuState.Ready | CpuState.Outdated, out _);
                return GoTo(cpu, isFree ? RoundupPhase.Rearming : RoundupPhase.Counting);

            case RoundupPhase.Rearming:
                // While it is in: a master that changes the desired set meanwhile has held it first, and leaving fails.
                TTarget.Rearm(ref target, cpu);
                return GoTo(cpu, RoundupPhase.Leaving);

            case RoundupPhase.Leaving:
                if (!own.TryChange(CpuState.None, CpuState.Held | CpuState.Outdated, CpuState.None, CpuState.In | CpuState.Absent, out _))
                {
                    return GoTo(cpu, RoundupPhase.Disarming);
                }

                return RoundupNext.Leave;

            default:
                return StepToMaster(ref target, cpu);
        }
    }

    private RoundupNext Wait(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        CpuState state = own.State;
        long offer = Volatile.Read(ref _all->Offer);
        if (MastershipOffer.IsTo(offer, cpu))
        {
            bool isMine = Interlocked.CompareExchange(ref _all->Offer, 0, offer) == offer;
            return isMine ? GoTo(cpu, RoundupPhase.Inheriting) : RoundupNext.Again;
        }

        if ((state & CpuState.Hit) != 0)
        {
            own.Phase = RoundupPhase.Electing;
            return RoundupNext.Again;
        }

        if ((state & CpuState.Held) == 0)
        {
            return GoTo(cpu, RoundupPhase.Uncounting);
        }

        if (Active < 0 && TTarget.TryTakeBreakIn(ref target, cpu))
        {
            own.Change(CpuState.Hit, CpuState.None);
            return RoundupNext.Again;
        }

        return RoundupNext.Wait;
    }

    // Waits that go over several steps keep their deadline: only GoTo begins anew.
    private bool IsTimeUp(ref TTarget target, ref RoundupCpu own)
    {
        long now = TTarget.Now(ref target);
        if (own.Deadline == 0)
        {
            own.Deadline = now + _patience;
        }

        return now - own.Deadline >= 0;
    }
}
