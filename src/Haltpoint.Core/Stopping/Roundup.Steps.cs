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

            case RoundupPhase.Dozing:
                return Doze(ref own);

            case RoundupPhase.Parting:
                return Part(ref target, cpu);

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

        bool isHeld = (state & CpuState.Held) != 0;
        if (isHeld && Active >= 0)
        {
            if ((state & CpuState.Asleep) != 0)
            {
                return RoundupNext.Sleep;
            }

            own.Phase = RoundupPhase.Dozing;
            return RoundupNext.Again;
        }

        if ((state & CpuState.Hit) != 0)
        {
            own.Phase = RoundupPhase.Electing;
            return RoundupNext.Again;
        }

        return isHeld ? WaitWithoutMaster(ref target, cpu) : GoTo(cpu, RoundupPhase.Uncounting);
    }

    private RoundupNext WaitWithoutMaster(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        CpuState state = own.State;
        if ((state & CpuState.Asleep) != 0)
        {
            return RoundupNext.Sleep;
        }

        if ((state & CpuState.Lingers) != 0)
        {
            // The wait goes on over stops, so that steps in close order do not keep a CPU from running for good.
            return IsTimeUp(ref target, ref own, _linger) ? GoTo(cpu, RoundupPhase.Parting) : RoundupNext.Wait;
        }

        if (!TTarget.TryTakeBreakIn(ref target, cpu))
        {
            return RoundupNext.Wait;
        }

        own.Change(CpuState.Hit, CpuState.None);
        return RoundupNext.Again;
    }

    // A master ends by looking at every CPU. The mark is set before the last look at the offer, and cleared after the offer was made.
    private static RoundupNext Doze(ref RoundupCpu own)
    {
        own.Phase = RoundupPhase.Waiting;
        return own.TryChange(CpuState.Held, CpuState.Kept | CpuState.Lingers, CpuState.Asleep, CpuState.None, out _) ? RoundupNext.Again : RoundupNext.Wait;
    }

    // The others first, one at each step. Where a master has come, it has taken the mark away, and the CPU stays.
    private RoundupNext Part(ref TTarget target, int cpu)
    {
        int other = _cpus[cpu].Cursor++;
        if (other == cpu)
        {
            return RoundupNext.Again;
        }

        bool isLast = other == _count;
        ref RoundupCpu its = ref _cpus[isLast ? cpu : other];
        bool goes = its.TryChange(CpuState.Lingers, CpuState.None, CpuState.None, CpuState.Held | CpuState.Lingers | CpuState.Asleep, out CpuState before);
        if (goes && (before & CpuState.Asleep) != 0)
        {
            TTarget.Wake(ref target, other);
        }

        return isLast ? GoTo(cpu, RoundupPhase.Waiting) : RoundupNext.Again;
    }

    // Waits that go over several steps keep their deadline: only GoTo begins anew.
    private bool IsTimeUp(ref TTarget target, ref RoundupCpu own) => IsTimeUp(ref target, ref own, _patience);

    private static bool IsTimeUp(ref TTarget target, ref RoundupCpu own, long patience)
    {
        long now = TTarget.Now(ref target);
        if (own.Deadline == 0)
        {
            own.Deadline = now + patience;
        }

        return now - own.Deadline >= 0;
    }
}
