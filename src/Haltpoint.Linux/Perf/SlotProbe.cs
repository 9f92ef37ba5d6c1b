using System.Collections.Generic;

namespace Haltpoint.Linux.Perf;

/// <summary>Finds out how many debug registers are free by asking the kernel for them (J-2: there is no call that says so).</summary>
/// <remarks>The events are never enabled, so no register is written; for that moment others who ask find them taken.</remarks>
internal static class SlotProbe
{
    private const int More = 32;

    // Any address will do: a disabled event is only accounted for.
    private const ulong Address = 0x1000;

    /// <summary>How many more events there is room for.</summary>
    /// <param name="thread">A thread, or -1 for whatever runs on the CPU.</param>
    /// <param name="cpu">A CPU, or -1 for all of them.</param>
    /// <param name="free">How many.</param>
    /// <returns>Ok, or why it cannot be found out.</returns>
    public static PerfStatus Count(int thread, int cpu, out int free)
    {
        PerfEventAttr attr = new()
        {
            Type = PerfEventType.Breakpoint,
            SamplePeriod = 1,
            BreakpointType = 2,
            BreakpointAddress = Address,
            BreakpointLength = 1,
            Flags = PerfEventFlags.Disabled | PerfEventFlags.ExcludeKernel | PerfEventFlags.ExcludeHypervisor,
        };
        List<PerfEvent> opened = [];
        PerfStatus status;
        do
        {
            status = PerfEvent.TryOpen(attr, thread, cpu, out PerfEvent? one);
            if (one is not null)
            {
                opened.Add(one);
            }
        }
        while (status == PerfStatus.Ok && opened.Count < More);

        free = opened.Count;
        opened.ForEach(e => e.Dispose());
        return status == PerfStatus.NoSlot ? PerfStatus.Ok : status;
    }
}
