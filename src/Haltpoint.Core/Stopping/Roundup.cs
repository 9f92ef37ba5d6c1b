using System;
using System.Threading;
using Haltpoint.Locks;

namespace Haltpoint.Stopping;

/// <summary>The debug core: stops every CPU of a machine for a debugger, and lets them go again.</summary>
/// <remarks>
/// Any number of CPUs may enter at once. Each takes its own steps, and each step is one atomic operation on the shared memory or one
/// call of the target, so that a test can put the steps of several CPUs in every order. Rules:
/// <list type="number">
/// <item>Whoever holds the master lock is the master; the active CPU changes under it and nowhere else. The lock belongs to the
/// mastership, not to a CPU: a hand-over passes it on.</item>
/// <item>A held CPU cannot leave: leaving is one exchange on its word that fails while <see cref="CpuState.Held"/> is set. So the master
/// holds first and looks who is in afterwards; the other order loses a CPU that leaves in between.</item>
/// <item>A CPU is counted when its debug registers are off, and uncounted before it turns them on: the census is never above the
/// truth, and a master that waits for it never works beside an armed CPU.</item>
/// <item>The master waits until those it let go have left before it gives up the lock; a stop right behind this one would catch them
/// inside again, and they would never get on.</item>
/// <item>A hit belongs to the CPU that had it until a master takes it, by one exchange. A CPU with a hit that nobody took becomes a
/// master itself. So none is lost and none is told twice, whoever is first.</item>
/// <item>No wait for another CPU is without a bound. Who does not come or go in time is named absent, and joins when it comes.</item>
/// </list>
/// Copies of the struct are the same round-up; its memory belongs to whoever made it and must outlive them.
/// </remarks>
public readonly unsafe partial struct Roundup<TTarget>
    where TTarget : struct, IRoundupTarget<TTarget>
{
    private const int SlaveWeight = 1 << 16;

    private readonly RoundupState* _all;
    private readonly RoundupCpu* _cpus;
    private readonly int _count;
    private readonly long _patience;
    private readonly long _linger;

    /// <param name="memory">Zeroed, aligned to 64, <see cref="BytesFor"/> long, and fixed in place.</param>
    /// <param name="cpus">CPUs there can ever be; their numbers are below it.</param>
    /// <param name="patience">How long to wait for a CPU, in the unit of the target's clock; more than 0.</param>
    /// <param name="linger">How long a CPU may stay held for steps of others, in the same unit.</param>
    public Roundup(void* memory, int cpus, long patience, long linger)
    {
        _all = (RoundupState*)memory;
        _cpus = (RoundupCpu*)(_all + 1);
        _count = cpus;
        _patience = patience;
        _linger = linger;
    }

    /// <summary>Bytes of memory that a round-up needs.</summary>
    public static int BytesFor(int cpus) => sizeof(RoundupState) + (cpus * sizeof(RoundupCpu));

    public int Cpus => _count;

    /// <summary>The CPU that is master, or -1.</summary>
    public int Active => Volatile.Read(ref _all->Active) - 1;

    /// <summary>CPUs that came by an exception of their own and are counted in.</summary>
    public int Masters => Volatile.Read(ref _all->Census) & (SlaveWeight - 1);

    /// <summary>CPUs that were rounded up and are counted in.</summary>
    public int Slaves => Volatile.Read(ref _all->Census) / SlaveWeight;

    public bool IsOnline(int cpu) => (_cpus[cpu].State & CpuState.Online) != 0;

    /// <summary>Whether the CPU is in the debugger, with its registers published; steady for the master while the CPU is held.</summary>
    public bool IsStopped(int cpu) => (_cpus[cpu].State & CpuState.Ready) != 0;

    /// <summary>Whether the CPU did not come, or did not go, in time.</summary>
    public bool IsAbsent(int cpu) => (_cpus[cpu].State & CpuState.Absent) != 0;

    /// <summary>A CPU is about to run the machine's code for the first time. It passes through the debugger, where it gets its debug
    /// registers, and stays there if the machine is stopped.</summary>
    public void ComeOnline(int cpu)
    {
        _cpus[cpu].Change(CpuState.Online | CpuState.In, CpuState.None);
        Begin(cpu, SlaveWeight);
    }

    /// <summary>An exception that may be the debugger's, on the CPU that had it.</summary>
    /// <returns><see cref="RoundupEntry.Entered"/>, or <see cref="RoundupEntry.Inside"/> for what <see cref="Reenter"/> answers.</returns>
    public RoundupEntry EnterByTrap(int cpu)
    {
        if (!_cpus[cpu].TryChange(CpuState.None, CpuState.In, CpuState.In | CpuState.Hit, CpuState.None, out _))
        {
            return RoundupEntry.Inside;
        }

        Begin(cpu, 1);
        return RoundupEntry.Entered;
    }

    /// <summary>An NMI, on the CPU that got it.</summary>
    public RoundupEntry EnterByNmi(int cpu)
    {
        // Entered even when the stop is over: the desired set may have changed while the CPU did not answer.
        if (_cpus[cpu].TryChange(CpuState.Asked, CpuState.In, CpuState.In, CpuState.Asked, out CpuState before))
        {
            Begin(cpu, SlaveWeight);
            return RoundupEntry.Entered;
        }

        CpuState ours = (before & CpuState.Asked) != 0 ? CpuState.Asked : CpuState.AskedTwice;
        return _cpus[cpu].TryChange(ours, CpuState.None, CpuState.None, ours, out _) ? RoundupEntry.Inside : RoundupEntry.NotOurs;
    }

    /// <summary>Takes steps until the CPU has to do something.</summary>
    /// <returns>True when it is the master and serves the debugger; false when it returns from its exception.</returns>
    public bool Stay(ref TTarget target, int cpu)
    {
        while (true)
        {
            switch (Step(ref target, cpu))
            {
                case RoundupNext.Wait:
                    TTarget.Relax(ref target);
                    break;
                case RoundupNext.Sleep:
                    TTarget.Sleep(ref target, cpu);
                    break;
                case RoundupNext.Serve:
                    return true;
                case RoundupNext.Leave:
                    return false;
            }
        }
    }

    /// <summary>Takes a hit that nobody took yet out of a stopped CPU; the master's own first. Of the master alone.</summary>
    public bool TryTakeHit(ref TTarget target, int master, out int cpu)
    {
        for (int i = 0; i < _count; i++)
        {
            cpu = (master + i) % _count;
            if (_cpus[cpu].TryChange(CpuState.Hit | CpuState.Ready, CpuState.None, CpuState.None, CpuState.Hit, out _)
                && TTarget.IsWanted(ref target, cpu))
            {
                return true;
            }
        }

        cpu = -1;
        return false;
    }

    /// <summary>Leaves a CPU held by the next <see cref="Resume"/>, which need not be stopped yet. Of the master alone.</summary>
    public void Keep(int cpu) => _cpus[cpu].Plan = RoundupPlan.Keep;

    /// <summary>Leaves a CPU held by the next <see cref="Resume"/>, for the step of another: when that takes longer than a step, it goes as well.</summary>
    /// <remarks>A step changes nothing for CPUs that run no code meanwhile, and the next stop finds them in. Of the master alone.</remarks>
    public void Linger(int cpu) => _cpus[cpu].Plan = RoundupPlan.Linger;

    /// <summary>Lets every CPU go that is not kept; the master's next steps do it. Of the master alone, when no hit is left to take.</summary>
    /// <param name="master">The CPU that serves.</param>
    /// <param name="stepThread">The thread that makes one step, so that its stop comes before those of others; 0 for none.</param>
    public void Resume(int master, ulong stepThread)
    {
        _cpus[master].StepThread = stepThread;
        GoTo(master, RoundupPhase.Releasing);
    }

    /// <summary>Offers the mastership to a stopped CPU; the master's next steps pass it on, or end in serving again when the other does not answer.</summary>
    public bool TryHandOver(ref TTarget target, int master, int to)
    {
        if (to == master || (uint)to >= (uint)_count || !IsStopped(to))
        {
            return false;
        }

        // Held before the offer: the new master may resume at once, and that has to release this one as well.
        _cpus[master].Change(CpuState.Held, CpuState.None);
        _cpus[master].Offer = MastershipOffer.Make(++_all->OfferCount, to);
        Volatile.Write(ref _all->Offer, _cpus[master].Offer);
        if ((_cpus[to].Change(CpuState.None, CpuState.Asleep) & CpuState.Asleep) != 0)
        {
            TTarget.Wake(ref target, to);
        }

        GoTo(master, RoundupPhase.HandingOver);
        return true;
    }

    /// <summary>An exception on a CPU that is in the debugger already (D-30, D-31).</summary>
    /// <param name="target">The machine.</param>
    /// <param name="cpu">The CPU that had it.</param>
    /// <param name="address">Where a trap would be.</param>
    public ReentryAnswer Reenter(ref TTarget target, int cpu, ulong address)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        if (own.IsRemoving != 0)
        {
            return ReentryAnswer.Fatal;
        }

        if (!WordLock.TryEnter(ref _all->ReentryLock))
        {
            return ReentryAnswer.Again;
        }

        own.IsRemoving = 1;
        TrapRemoval removal = TTarget.RemoveTrap(ref target, cpu, address);
        if (removal == TrapRemoval.Removed)
        {
            own.RemovedAddress = address;
            own.Removed++;
        }

        own.IsRemoving = 0;
        WordLock.Exit(ref _all->ReentryLock);
        return removal == TrapRemoval.NotATrap ? ReentryAnswer.Fatal : ReentryAnswer.Retry;
    }

    /// <summary>Takes what a CPU has to say of breakpoints inside the debugger. Of the master alone.</summary>
    /// <param name="cpu">Any CPU.</param>
    /// <param name="address">Where the last was.</param>
    /// <returns>How many were removed and not told yet.</returns>
    public int TakeRemoved(int cpu, out ulong address)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        int removed = Volatile.Read(ref own.Removed);
        int untold = removed - own.RemovedTold;
        own.RemovedTold = removed;
        address = own.RemovedAddress;
        return untold;
    }

    private void Begin(int cpu, int weight)
    {
        _cpus[cpu].Weight = weight;
        GoTo(cpu, RoundupPhase.Disarming);
    }

    private RoundupNext GoTo(int cpu, RoundupPhase phase)
    {
        ref RoundupCpu own = ref _cpus[cpu];
        own.Phase = phase;
        own.Cursor = 0;
        own.Deadline = 0;
        return RoundupNext.Again;
    }
}
