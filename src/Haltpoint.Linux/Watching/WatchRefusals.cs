using System.Globalization;
using System.IO;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;

namespace Haltpoint.Linux.Watching;

/// <summary>Says to a person why the kernel refused a watch, and what to do.</summary>
internal static class WatchRefusals
{
    public static WatchException Explain(PerfRefusal refusal, int process, int events) => new(refusal.Status switch
    {
        PerfStatus.NoThread => $"no process {process}: it ended, or never was",
        PerfStatus.NoSlot => NoSlot(refusal, process),
        PerfStatus.NotPermitted => NotPermitted(process),
        PerfStatus.NoLockedMemory =>
            "no more memory may be locked for the records: raise it with 'ulimit -l' or 'sysctl kernel.perf_event_mlock_kb', or end another perf session",
        PerfStatus.TooManyFiles =>
            $"the watch needs a file descriptor for each thread, CPU and slot, more than {events} here: raise the limit with 'ulimit -n'",
        PerfStatus.NotSupported => "this kernel or machine offers no hardware breakpoints to perf: 'haltpoint doctor' says what it has",
        PerfStatus.NoMemory => "the kernel has no memory for the watch",
        _ => "the kernel refused the watch as malformed: an address of the kernel needs --kernel, and Linux must be 5.13 or newer",
    });

    /// <summary>The same for the kernel's own memory.</summary>
    public static WatchException ExplainKernel(PerfRefusal refusal, WatchLocation location, AccessKind access) => refusal.Status switch
    {
        //
        PerfStatus.BadRequest when access == AccessKind.Execute => new(
            $"the kernel takes no breakpoint at {location.Name}: it is built without kprobes, or must not be interrupted there; try a function that calls it"),
        //
        PerfStatus.BadRequest => new(
            $"the kernel takes no watch on {location.Name} at 0x{location.Address:x}: what it needs itself to handle a hit, such as its GDT and TSS, cannot be watched"),
        _ => Explain(refusal, -1, 0),
    };

    private static string NoSlot(PerfRefusal refusal, int process)
    {
        string where = refusal.Thread > 0
            ? string.Create(CultureInfo.InvariantCulture, $"for thread {refusal.Thread} on CPU {refusal.Cpu}")
            : string.Create(CultureInfo.InvariantCulture, $"on CPU {refusal.Cpu}");
        string holders = SlotHolders.Describe(process);
        return $"no debug register is free {where}; 'haltpoint slots' shows what is free"
            + (holders.Length > 0 ? $"; perhaps held by {holders}" : "");
    }

    private static string NotPermitted(int process)
    {
        string level = "?";
        try
        {
            level = File.ReadAllText("/proc/sys/kernel/perf_event_paranoid").Trim();
        }
        catch (IOException)
        {
            // Then the advice has to do without it.
        }

        return process > 0
            ? $"not permitted to watch process {process}: run as its user (with kernel.perf_event_paranoid 2 or less, here {level}; 1 or less for "
                + "--kernel-writes), or as root, or give haltpoint CAP_PERFMON and CAP_SYS_PTRACE"
            : $"not permitted to watch the kernel: run as root, or give haltpoint CAP_PERFMON (kernel.perf_event_paranoid is {level})";
    }
}
