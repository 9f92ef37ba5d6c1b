using System.Runtime.CompilerServices;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>H-10: whatever is asked for in whatever order, a request is granted exactly when the rule A-74 says that it fits, and at the end every count is zero.</summary>
/// <remarks>The rule is counted here by looking at all that is held, for each CPU and each task. One request in a hundred is in the registers, the others are disabled: that keeps their slots.</remarks>
internal static unsafe class RandomRequests
{
    private const int Tasks = 5;
    private const int MostHeld = 100;
    private const int MostCpus = 6;
    private const int Report = 100_000;

    private static HeldRequests s_held;
    private static int s_count;

    public static void Run(int operations)
    {
        int cpus = CpuTable.Count < MostCpus ? CpuTable.Count : MostCpus;
        ulong random = 0x9E37_79B9_7F4A_7C15;
        long granted = 0;
        long refused = 0;
        long wrong = 0;
        for (int i = 0; i < operations && wrong == 0; i++)
        {
            if (i > 0 && i % Report == 0)
            {
                Commands.Print($"{i} operations, {granted} granted\r\n");
            }

            // Filling and emptying in turns, so that full and empty states are both seen often.
            bool isFilling = i / 40 % 2 == 0;
            if (s_count > 0 && (s_count == MostHeld || Numbers.Draw(ref random, 10) < (isFilling ? 2 : 8)))
            {
                int index = Numbers.Draw(ref random, s_count);
                wrong += BreakpointTable.Unregister(s_held[index].Id) == SlotStatus.Ok ? 0 : 1;
                s_held[index] = s_held[--s_count];
                continue;
            }

            HeldRequest drawn = Draw(ref random, cpus, out SlotRequest request);
            bool fits = Fits(drawn, cpus);
            SlotStatus status = BreakpointTable.Register(request, drawn.Cpus, null, 0, out drawn.Id);
            granted += fits ? 1 : 0;
            refused += fits ? 0 : 1;
            wrong += Check.That(status == (fits ? SlotStatus.Ok : SlotStatus.Exhausted), $"operation {i}: status {(int)status}") ? 0 : 1;
            if (status == SlotStatus.Ok)
            {
                s_held[s_count++] = drawn;
            }
        }

        while (s_count > 0)
        {
            BreakpointTable.Unregister(s_held[--s_count].Id);
        }

        Commands.Print($"{granted} granted, {refused} refused\r\n");
        Check.That(granted > operations / 10 && refused > operations / 100, $"both answers must have been seen often");
        Check.That(BreakpointTable.Pool.IsEmpty, $"every count is zero at the end");
        Check.Case($"H-10 with {operations} operations");
    }

    private static HeldRequest Draw(ref ulong random, int cpus, out SlotRequest request)
    {
        ulong all = ulong.MaxValue >> (64 - CpuTable.Count);
        int task = Numbers.Draw(ref random, 3) == 0 ? SlotRequest.NoTask : Numbers.Draw(ref random, Tasks);
        int cpu = Numbers.Draw(ref random, 3) == 0 ? SlotRequest.EveryCpu : Numbers.Draw(ref random, cpus);
        ulong mask = cpu < 0 ? all : 1UL << cpu;
        if (task < 0 && Numbers.Draw(ref random, 3) == 0)
        {
            cpu = SlotRequest.CpuMask;
            mask = (1UL << Numbers.Draw(ref random, cpus)) | (uint)Numbers.Draw(ref random, 1 << cpus);
        }

        request = new SlotRequest
        {
            Address = Watched.AddressOf(Numbers.Draw(ref random, Watched.Capacity)),
            Length = 8,
            Access = AccessKind.Write,
            Flags = SlotFlags.Privileged,
            Cpu = cpu,

            // Places of the table in which no thread is.
            Task = task < 0 ? task : ThreadTable.Capacity - 1 - task,
        };
        request.Flags |= Numbers.Draw(ref random, 100) == 0 ? SlotFlags.None : SlotFlags.Disabled;
        request.Flags |= Numbers.Draw(ref random, 5) == 0 ? SlotFlags.Flexible : SlotFlags.None;
        return new HeldRequest { Cpus = mask, Task = task, IsFlexible = request.IsFlexible };
    }

    private static bool Fits(HeldRequest extra, int cpus)
    {
        s_held[s_count] = extra;
        bool fits = true;
        for (int cpu = 0; cpu < cpus && fits; cpu++)
        {
            for (int task = -1; task < Tasks && fits; task++)
            {
                int pinned = 0;
                int flexible = 0;
                for (int i = 0; i <= s_count; i++)
                {
                    bool applies = (s_held[i].Cpus >> cpu & 1) != 0 && (s_held[i].Task < 0 || s_held[i].Task == task);
                    pinned += applies && !s_held[i].IsFlexible ? 1 : 0;
                    flexible |= applies && s_held[i].IsFlexible ? 1 : 0;
                }

                fits = pinned + flexible <= DebugControl.SlotCount;
            }
        }

        return fits;
    }

    private struct HeldRequest
    {
        public SlotId Id;
        public ulong Cpus;
        public int Task;
        public bool IsFlexible;
    }

    [InlineArray(MostHeld + 1)]
    private struct HeldRequests
    {
        private HeldRequest _first;
    }
}
