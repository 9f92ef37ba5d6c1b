using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>A CPU that comes online when breakpoints are there (A-86, A-116 b): it has room for them, and has them before its idle thread's first instruction.</summary>
internal static unsafe class LateCpu
{
    private const int All = Watched.All;
    private const int None = Watched.None;

    private static Toucher s_toucher;

    public static void Run()
    {
        int late = CpuTable.Count - 1;
        if ((CpuTable.Online >> late & 1) != 0)
        {
            Check.Skip($"A-86", "every CPU is online; boot with late-cpu"u8);
            return;
        }

        Watched.Take(All, None);
        int masked = Watched.Take(SlotRequest.CpuMask, None, SlotFlags.None, 1 | (1UL << late));
        Watched.Take(late, None);
        SlotRequest first = Watched.Request(All, None);
        first.Access = AccessKind.Execute;
        first.Address = (ulong)(delegate*<Cpu*, void>)&Idle.Run;
        first.Length = sizeof(ulong);
        SlotStatus status = BreakpointTable.Register(first, 0, null, 0, out SlotId id);
        Check.That(status == SlotStatus.Ok, $"a breakpoint on what an idle thread does: status {(int)status}");
        Watched.Refuse(late, None);
        Watched.Drop(masked); // on a CPU that is not there; nothing goes below zero
        Watched.Take(late, None);
        Watched.Refuse(late, None);

        SecondaryCpus.StartLate();
        Check.That((CpuTable.Online >> late & 1) != 0, $"CPU {late} comes online");
        fixed (Toucher* toucher = &s_toucher)
        {
            if (Check.That(Toucher.TryStart(toucher), $"a thread more can be started"))
            {
                Watched.FireEverywhere(toucher, 1);
                Toucher.Stop(toucher);
            }
        }

        if (BreakpointTable.TryFind(id, out Breakpoint* breakpoint))
        {
            Check.Equal(1L << late, Volatile.Read(ref breakpoint->HitCpus), $"CPUs that began their idle thread");
            Check.Equal(1, Volatile.Read(ref breakpoint->Hits), $"hits there");
        }

        BreakpointTable.Unregister(id);
        Watched.End();
        Check.Case($"A-86, A-116 b: a CPU that comes online later");
    }
}
