using System;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Debugging;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Breakpoints;

/// <summary>Breakpoints of whoever in the kernel wants some: of CPUs, of threads, of a thread on one CPU. They share the pool with the debugger.</summary>
/// <remarks>
/// For threads with interrupts on. When a call returns, every CPU that it concerns is as it says; CPUs that come online and threads that
/// start later get what is asked of them before their first instruction. The pool is never entered with interrupts on: a switch of
/// threads needs it.
/// </remarks>
internal static unsafe class BreakpointTable
{
    private static SlotPool s_pool;
    private static int s_flexible;

    public static SlotPool Pool => s_pool;

    /// <summary>Some may have to take turns.</summary>
    public static bool AreAnyFlexible => Volatile.Read(ref s_flexible) != 0;

    /// <summary>Called once, by the boot processor, when all CPUs have their data.</summary>
    public static void Start()
    {
        BreakpointStorage.Block* block = BreakpointStorage.At;
        SlotProfile profile = SlotProfile.X86;
        if (SlotPool.BytesFor(profile, CpuTable.Count, ThreadTable.Capacity, BreakpointStorage.MaxRequests) > BreakpointStorage.PoolLength)
        {
            Panic.Now("too little memory for the debug registers"u8);
        }

        fixed (ForbiddenRange* forbidden = (Span<ForbiddenRange>)block->Forbidden)
        {
            s_pool = new SlotPool(
                block->Pool, profile, CpuTable.Count, ThreadTable.Capacity, BreakpointStorage.MaxRequests, forbidden, ForbiddenCode.ListData(forbidden));
        }
    }

    /// <param name="request">Its task is the place of a thread in <see cref="ThreadTable"/>.</param>
    /// <param name="cpus">With <see cref="SlotRequest.CpuMask"/>: a bit for each CPU.</param>
    /// <param name="handler">See <see cref="Breakpoint.Handler"/>.</param>
    /// <param name="argument">For the handler.</param>
    /// <param name="id">What to give back.</param>
    public static SlotStatus Register(
        in SlotRequest request, ulong cpus, delegate*<Breakpoint*, InterruptFrame*, void> handler, nint argument, out SlotId id)
    {
        id = SlotId.None;
        if (IsForbidden(request))
        {
            return SlotStatus.Forbidden;
        }

        // In no register until its record is written: no hit may come before that.
        SlotRequest disabled = request;
        disabled.Flags |= SlotFlags.Disabled;
        CountThread(request.Task, 1);
        ulong flags = Instructions.DisableInterrupts();
        SlotStatus status = s_pool.Reserve(disabled, MaskOf(request, in cpus), SlotWait.ForLock, out id);
        if (status == SlotStatus.Ok)
        {
            *At(id.Index) = new Breakpoint { Id = id, Request = request, Cpus = cpus, Handler = handler, Argument = argument };
            Interlocked.Add(ref s_flexible, request.IsFlexible ? 1 : 0);
            s_pool.Modify(id, request, SlotWait.ForLock);
        }

        Instructions.RestoreInterrupts(flags);
        if (status != SlotStatus.Ok)
        {
            CountThread(request.Task, -1);
        }
        else if (!request.IsDisabled)
        {
            CpuBanks.Spread(CpusOf(request, cpus), request.Task);
        }

        return status;
    }

    /// <summary>Changes address, length, access and whether it is disabled. Its slot stays its own, and refused it stays as it was .</summary>
    public static SlotStatus Modify(SlotId id, in SlotRequest request)
    {
        if (!TryFind(id, out Breakpoint* breakpoint))
        {
            return SlotStatus.NotFound;
        }

        bool isOff = request.IsDisabled && breakpoint->Request.IsDisabled;
        if (IsForbidden(request))
        {
            return SlotStatus.Forbidden;
        }

        ulong flags = Instructions.DisableInterrupts();
        SlotStatus status = s_pool.Modify(id, request, SlotWait.ForLock);
        if (status == SlotStatus.Ok)
        {
            breakpoint->Request = request;
        }

        Instructions.RestoreInterrupts(flags);
        if (status == SlotStatus.Ok && !isOff)
        {
            CpuBanks.Spread(CpusOf(request, breakpoint->Cpus), request.Task);
        }

        return status;
    }

    /// <summary>When it returns no handler of it is running, and none will.</summary>
    public static SlotStatus Unregister(SlotId id)
    {
        if (!TryFind(id, out Breakpoint* breakpoint))
        {
            return SlotStatus.NotFound;
        }

        // Out of every register before its place can be another's: a hit on the way belongs to it still.
        SlotRequest request = breakpoint->Request;
        request.Flags |= SlotFlags.Disabled;
        SlotStatus status = Modify(id, request);
        if (status != SlotStatus.Ok)
        {
            return status;
        }

        ulong flags = Instructions.DisableInterrupts();
        breakpoint->Id = SlotId.None;
        status = s_pool.Release(id, SlotWait.ForLock);
        Instructions.RestoreInterrupts(flags);
        if (status == SlotStatus.Ok)
        {
            Interlocked.Add(ref s_flexible, request.IsFlexible ? -1 : 0);
            CountThread(request.Task, -1);
        }

        return status;
    }

    /// <summary>The current thread ends, on this CPU, with interrupts off: the switch that follows takes its breakpoints out of the registers.</summary>
    public static void EndThread(KernelThread* thread)
    {
        if (thread->Breakpoints == 0)
        {
            return;
        }

        for (int i = 0; i < s_pool.Places; i++)
        {
            Breakpoint* breakpoint = At(i);
            if (!breakpoint->Id.IsNone && breakpoint->Request.Task == thread->Id - 1)
            {
                Interlocked.Add(ref s_flexible, breakpoint->Request.IsFlexible ? -1 : 0);
                breakpoint->Id = SlotId.None;
            }
        }

        s_pool.ReleaseTask(thread->Id - 1, SlotWait.ForLock);
        thread->Breakpoints = 0;
    }

    /// <summary>Takes no lock: good in a debug exception.</summary>
    public static bool TryFind(SlotId id, out Breakpoint* breakpoint)
    {
        breakpoint = id.IsNone ? null : At(id.Index);
        return breakpoint != null && breakpoint->Id.Is(id);
    }

    private static Breakpoint* At(int index)
    {
        fixed (Breakpoint* breakpoints = (Span<Breakpoint>)BreakpointStorage.At->Breakpoints)
        {
            return breakpoints + index;
        }
    }

    private static ReadOnlySpan<ulong> MaskOf(in SlotRequest request, in ulong cpus) =>
        request.Cpu == SlotRequest.CpuMask ? new ReadOnlySpan<ulong>(in cpus) : default;

    // Code on the way into a debug exception would lead to nothing but itself.
    private static bool IsForbidden(in SlotRequest request) => request.Access == AccessKind.Execute && ForbiddenCode.Contains(request.Address);

    private static ulong CpusOf(in SlotRequest request, ulong cpus) => request.Cpu switch
    {
        SlotRequest.EveryCpu => ulong.MaxValue,
        SlotRequest.CpuMask => cpus,
        _ => 1UL << request.Cpu,
    };

    /// <summary>A thread has more or fewer requests in the pool. Before the pool has them: a switch to the thread looks at this first.</summary>
    public static void CountThread(int task, int change)
    {
        if (task is >= 0 and < ThreadTable.Capacity)
        {
            Interlocked.Add(ref ThreadTable.At(task)->Breakpoints, change);
        }
    }
}
