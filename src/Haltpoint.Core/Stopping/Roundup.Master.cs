using System;
using System.Threading;
using Haltpoint.Locks;

namespace Haltpoint.Stopping;

// Becoming the master, collecting the others, letting them go.
public readonly unsafe partial struct Roundup<TTarget>
{
    private RoundupNext StepToMaster(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        switch (own.Phase)
        {
            case RoundupPhase.Electing:
                bool isElected = WordLock.TryEnter(ref _all->MasterLock);
                own.Phase = isElected ? RoundupPhase.Judging : RoundupPhase.Waiting;
                return isElected ? RoundupNext.Again : RoundupNext.Wait;

            case RoundupPhase.Judging:
                return Judge(ref target, cpu);

            case RoundupPhase.GivingUp:
                WordLock.Exit(ref _all->MasterLock);
                own.Phase = RoundupPhase.Waiting;
                return RoundupNext.Wait;

            case RoundupPhase.Claiming:
                Volatile.Write(ref _all->Active, cpu + 1);
                Volatile.Write(ref _all->StepThread, 0);
                own.Change(CpuState.None, CpuState.Held | CpuState.Kept | CpuState.Lingers | CpuState.Asleep);
                return GoTo(cpu, RoundupPhase.Gathering);

            case RoundupPhase.Inheriting:
                Volatile.Write(ref _all->Active, cpu + 1);
                own.Change(CpuState.None, CpuState.Held | CpuState.Asleep);
                return GoTo(cpu, RoundupPhase.Serving);

            case RoundupPhase.Gathering:
                return Gather(ref target, cpu);

            case RoundupPhase.Collecting:
                return Collect(ref target, cpu);

            case RoundupPhase.Naming:
                return Name(cpu);

            case RoundupPhase.HandingOver:
                return HandOver(ref target, cpu);

            case RoundupPhase.Releasing:
                return Release(ref target, cpu);

            case RoundupPhase.Emptying:
                return Empty(ref target, cpu);

            case RoundupPhase.Retiring:
                Follow(ref target, cpu, cpu, CpuState.Held);
                Volatile.Write(ref _all->Active, 0);
                return GoTo(cpu, RoundupPhase.Unlocking);

            case RoundupPhase.Unlocking:
                WordLock.Exit(ref _all->MasterLock);
                return GoTo(cpu, RoundupPhase.Waiting);

            default:
                return own.Phase == RoundupPhase.Serving ? RoundupNext.Serve : RoundupNext.Leave;
        }
    }

    // Under the lock, because only there nobody takes the hit and no step begins.
    private RoundupNext Judge(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        own.Phase = RoundupPhase.GivingUp;
        if ((own.State & CpuState.Hit) == 0)
        {
            return RoundupNext.Again;
        }

        if (!TTarget.IsWanted(ref target, cpu))
        {
            own.Change(CpuState.None, CpuState.Hit);
            return RoundupNext.Again;
        }

        // The thread that steps goes first, by its own number: idle threads of different CPUs are different threads (D-13, D-56).
        ulong stepped = (ulong)Volatile.Read(ref _all->StepThread);
        if (stepped == 0 || stepped == TTarget.ThreadOn(ref target, cpu) || IsTimeUp(ref target, ref own))
        {
            own.Phase = RoundupPhase.Claiming;
        }

        return RoundupNext.Again;
    }

    private RoundupNext Gather(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        int other = own.Cursor++;
        if (other == _count)
        {
            return GoTo(cpu, RoundupPhase.Collecting);
        }

        if (other == cpu)
        {
            return RoundupNext.Again;
        }

        if (_cpus[other].Hold())
        {
            TTarget.SendNmi(ref target, other);
        }

        return RoundupNext.Again;
    }

    // The number of CPUs is counted anew each time: one may come online while the master waits.
    private RoundupNext Collect(ref TTarget target, int cpu)
    {
        int online = 0;
        for (int i = 0; i < _count; i++)
        {
            online += IsOnline(i) ? 1 : 0;
        }

        int census = Volatile.Read(ref _all->Census);
        if ((census & (SlaveWeight - 1)) + (census / SlaveWeight) >= online)
        {
            return GoTo(cpu, RoundupPhase.Serving);
        }

        return IsTimeUp(ref target, ref _cpus[cpu]) ? GoTo(cpu, RoundupPhase.Naming) : RoundupNext.Wait;
    }

    private RoundupNext Name(int cpu)
    {
        int other = _cpus[cpu].Cursor++;
        if (other == _count)
        {
            return GoTo(cpu, RoundupPhase.Serving);
        }

        _cpus[other].TryChange(CpuState.Online, CpuState.Ready, CpuState.Absent, CpuState.None, out _);
        return RoundupNext.Again;
    }

    private RoundupNext HandOver(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        if (Volatile.Read(ref _all->Offer) != own.Offer)
        {
            return GoTo(cpu, RoundupPhase.Waiting);
        }

        if (!IsTimeUp(ref target, ref own))
        {
            return RoundupNext.Wait;
        }

        if (Interlocked.CompareExchange(ref _all->Offer, 0, own.Offer) != own.Offer)
        {
            return GoTo(cpu, RoundupPhase.Waiting);
        }

        own.Change(CpuState.None, CpuState.Held);
        return GoTo(cpu, RoundupPhase.Serving);
    }

    private RoundupNext Release(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        int other = own.Cursor++;
        if (other == 0)
        {
            Volatile.Write(ref _all->StepThread, (long)own.StepThread);
            own.StepThread = 0;
            own.HasSentry = false;
        }

        if (other == _count)
        {
            return GoTo(cpu, RoundupPhase.Emptying);
        }

        if (other != cpu)
        {
            Follow(ref target, cpu, other, CpuState.None);
        }

        return RoundupNext.Again;
    }

    // What was planned for a CPU. One that stays is held already, but for the master itself. Of those that sleep and stay, one wakes up as the
    // sentry of all: it hears a break-in, and ends the wait of those that linger.
    private void Follow(ref TTarget target, int master, int cpu, CpuState hold)
    {
        ref RoundupCpu its = ref _cpus[cpu];
        RoundupPlan plan = its.Plan;
        CpuState mark = plan == RoundupPlan.Keep ? CpuState.Kept : CpuState.Lingers;
        bool wakes = plan == RoundupPlan.Go || !_cpus[master].HasSentry;
        CpuState rouse = wakes ? CpuState.Asleep : CpuState.None;
        CpuState before = plan == RoundupPlan.Go ? its.Change(CpuState.None, CpuState.Held | rouse) : its.Change(hold | mark, rouse);
        its.Plan = RoundupPlan.Go;
        if ((before & rouse) != 0)
        {
            _cpus[master].HasSentry |= plan != RoundupPlan.Go;
            TTarget.Wake(ref target, cpu);
        }
    }

    private RoundupNext Empty(ref TTarget target, int cpu)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        if (own.Cursor == _count)
        {
            return GoTo(cpu, RoundupPhase.Retiring);
        }

        ref RoundupCpu other = ref _cpus[own.Cursor];
        CpuState state = other.State;
        bool isGone = (state & CpuState.In) == 0 || (state & (CpuState.Held | CpuState.Hit | CpuState.Absent)) != 0;
        if (own.Cursor != cpu && !isGone)
        {
            if (!IsTimeUp(ref target, ref own))
            {
                return RoundupNext.Wait;
            }

            other.TryChange(CpuState.In, CpuState.Hit, CpuState.Absent, CpuState.None, out _);
        }

        own.Cursor++;
        return RoundupNext.Again;
    }
}
