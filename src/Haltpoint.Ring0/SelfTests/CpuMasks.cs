using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>Sets of CPUs on the registers of this machine: the worked runs of the 2009 allocator, and its defects A-116, which must not be here.</summary>
/// <remarks>That allocator's boundary is, in our terms, how many slots a new task could have on every CPU.</remarks>
internal static unsafe class CpuMasks
{
    private const int All = Watched.All;
    private const int None = Watched.None;
    private const int Mask = SlotRequest.CpuMask;

    private static Toucher s_toucher;

    public static void Run()
    {
        if (CpuTable.Count < 2)
        {
            Check.Skip($"A-113 to A-116", "it takes 2 CPUs"u8);
            return;
        }

        fixed (Toucher* toucher = &s_toucher)
        {
            if (!Toucher.TryStart(toucher))
            {
                Check.That(false, $"a thread more can be started");
                return;
            }

            WorkedRun(toucher);
            TaskFirst(toucher);
            SystemWide(toucher);
            Defects(toucher);
            Toucher.Stop(toucher);
        }
    }

    private static void WorkedRun(Toucher* toucher)
    {
        int a = OnCpu(0);
        Boundary(3);
        int b = OnCpu(1);
        Boundary(3); // disjoint masks share
        int c = Watched.Take(All, None);
        Boundary(2);
        int d = OnCpu(1);
        Boundary(1);
        int e = OnCpu(0);
        Boundary(1);
        Registers(0, -1, e, c, a);
        Registers(1, -1, d, c, b);
        Watched.FireEverywhere(toucher, 1);

        Watched.Drop(a);
        Registers(0, -1, -1, e, c); // the hole is closed
        Boundary(1);
        Watched.Drop(b);
        Registers(1, -1, -1, d, c);
        Boundary(2);
        Watched.FireEverywhere(toucher, 1);
        Watched.Drop(c);
        Boundary(3);
        Watched.Drop(d);
        Boundary(3);
        Watched.FireEverywhere(toucher, 1);
        Watched.Drop(e);
        Boundary(4);
        Watched.End();
        Check.Case($"A-113");
    }

    private static void TaskFirst(Toucher* toucher)
    {
        Watched.Fill(3, All, toucher->Task);
        OnCpu(0);
        Watched.Refuse(Mask, None, 1);
        OnCpu(1);
        Watched.Refuse(All, None);
        Watched.FireEverywhere(toucher, 1);
        Watched.End();
        Check.Case($"A-114");
    }

    private static void SystemWide(Toucher* toucher)
    {
        Watched.Fill(4, All, None);
        Watched.Refuse(All, None);
        Boundary(0);
        Watched.FireEverywhere(toucher, 1);
        Watched.End();
        Check.Case($"A-115");
    }

    private static void Defects(Toucher* toucher)
    {
        Watched.Refuse(Mask, None, 0, SlotStatus.BadTarget);
        Watched.End();
        Check.Case($"A-116 a: a mask without a CPU");

        if (CpuTable.Count < Cpu.Max)
        {
            Watched.Refuse(Mask, None, 1 | (1UL << CpuTable.Count), SlotStatus.BadTarget);
        }

        int held = OnCpu(0);
        Watched.Drop(held);
        SlotId stale = Watched.At(held).Id;
        Check.That(BreakpointTable.Unregister(stale) == SlotStatus.NotFound, $"what was never registered cannot be released");
        int again = OnCpu(0);
        SlotId id = Watched.At(again).Id;
        Watched.Drop(again);
        int other = OnCpu(1);
        Check.That(BreakpointTable.Unregister(id) == SlotStatus.NotFound, $"an id of before means nothing, its place being another's");
        Registers(1, -1, -1, -1, other);
        Boundary(3);
        Watched.End();
        Check.Case($"A-116 b, c: only what is held is released");

        int zero = OnCpu(0);
        int one = OnCpu(1);
        Registers(0, -1, -1, -1, zero);
        Registers(1, -1, -1, -1, one);
        Watched.FireEverywhere(toucher, 1);
        Watched.End();
        Check.Case($"A-116 d: each CPU has an image of its own, whatever thread it switches to");

        int single = OnCpu(0);
        int first = OnCpu(1);
        OnCpu(1);
        int last = OnCpu(1);
        Boundary(1);
        Watched.Drop(first);
        Watched.Drop(first + 1);
        Watched.Drop(last);
        Boundary(3);
        Watched.Drop(single);
        Boundary(4);
        Watched.End();
        Check.Case($"A-116 e, f: all that a removal frees is free at once");
    }

    private static int OnCpu(int cpu) => Watched.Take(Mask, None, SlotFlags.None, 1UL << cpu);

    private static void Boundary(int expected)
    {
        // A task that has nothing: the last place of the table is never a running thread here.
        SlotRequest like = new() { Access = AccessKind.Write, Cpu = All, Task = Threads.ThreadTable.Capacity - 1 };
        ulong flags = Instructions.DisableInterrupts();
        BreakpointTable.Pool.CountFree(like, default, SlotWait.ForLock, out int free);
        Instructions.RestoreInterrupts(flags);
        Check.Equal(expected, free, $"slots that a new task could have on every CPU");
    }

    // What the processor's registers were last written with, by number of the request; -1 for one that is off.
    private static void Registers(int cpu, int slot0, int slot1, int slot2, int slot3)
    {
        DebugRegisterImage held = CpuBanks.At(cpu)->Held;
        Register(cpu, held, 0, slot0);
        Register(cpu, held, 1, slot1);
        Register(cpu, held, 2, slot2);
        Register(cpu, held, 3, slot3);
    }

    private static void Register(int cpu, in DebugRegisterImage held, int slot, int expected)
    {
        bool isRight = expected < 0 ? !held.Control.IsArmed(slot) : held.Control.IsArmed(slot) && held.GetAddress(slot) == Watched.AddressOf(expected);
        Check.That(isRight, $"DR{slot} of CPU {cpu} is for number {expected}");
    }
}
