using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;

namespace Haltpoint.Linux.Probing;

/// <summary>Whether breakpoints of perf, which watch without stopping anybody, can be had: asked for one and given back.</summary>
internal static unsafe class PerfProbe
{
    private const string Name = "perf_event_paranoid";
    private const int OwnThread = 0;
    private const int AnyCpu = -1;

    public static Finding Look(Privileges privileges)
    {
        int? level = SystemFile.ReadNumber("/proc/sys/kernel/perf_event_paranoid");
        if (level is null)
        {
            return new Finding(Name, FindingState.Limited, "the kernel has no perf events: watching without stops isn't possible", "boot a kernel with CONFIG_PERF_EVENTS");
        }

        long watched = 0;
        PerfEventAttr attr = new()
        {
            Type = PerfEventType.Breakpoint,
            BreakpointType = (uint)AccessKind.Write,
            BreakpointAddress = (ulong)&watched,
            BreakpointLength = sizeof(long),
            Flags = PerfEventFlags.Disabled | PerfEventFlags.ExcludeKernel | PerfEventFlags.ExcludeHypervisor,
        };
        PerfStatus status = PerfEvent.TryOpen(in attr, OwnThread, AnyCpu, out PerfEvent? opened);
        opened?.Dispose();
        return status switch
        {
            PerfStatus.Ok when level <= 1 || privileges.CanUsePerf =>
                new Finding(Name, FindingState.Good, $"{level}: perf breakpoints work, in the kernel too"),
            PerfStatus.Ok =>
                new Finding(Name, FindingState.Good, $"{level}: perf breakpoints work; accesses by the kernel aren't shown (sysctl kernel.perf_event_paranoid=1 would)"),
            PerfStatus.NotPermitted =>
                new Finding(Name, FindingState.Limited, $"{level}: perf breakpoints are denied", "sudo sysctl kernel.perf_event_paranoid=2    (or give haltpoint CAP_PERFMON)"),
            PerfStatus.NoSlot =>
                new Finding(Name, FindingState.Limited, $"{level}: other perf users hold all debug registers", "end them: look for 'perf record -e mem:' and running tracers"),
            _ => new Finding(Name, FindingState.Limited, $"{level}: perf breakpoints aren't supported here ({status})", "use a machine whose hypervisor passes debug registers through"),
        };
    }
}
