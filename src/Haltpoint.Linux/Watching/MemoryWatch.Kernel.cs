using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;

namespace Haltpoint.Linux.Watching;

public sealed unsafe partial class MemoryWatch
{
    /// <summary>Watches the kernel's own data or code, on a set of CPUs: on all of them or on none.</summary>
    /// <param name="what">An address, or a symbol of /proc/kallsyms with an offset.</param>
    /// <param name="options">How; <see cref="WatchOptions.Cpus"/> is for this.</param>
    /// <remarks>CPUs that come online later are not watched. Hits are those of whatever runs; values are not known.</remarks>
    /// <exception cref="WatchException">It cannot be had; the message says why.</exception>
    public static MemoryWatch OnKernel(string what, WatchOptions? options = null)
    {
        options ??= new WatchOptions();
        if (options.Threads is not null)
        {
            throw new WatchException("the kernel's data is watched on CPUs, not in threads: leave --threads out");
        }

        WatchLocation location = WatchLocation.FindInKernel(what, options);
        IReadOnlyList<int> cpus = ChooseCpus(options.Cpus);
        int free = CountFreeOnCpus(cpus, out string holders);
        WatchPlan plan = new()
        {
            Pieces = WatchPieces.Split(location, options.Access, free, holders),
            Access = options.Access,
            IncludeKernel = true,
            IncludeUser = false,
            Registers = false,
            KernelStack = options.Stacks,
            Follow = false,
        };
        MemoryWatch watch = new(location, plan, cpus, options.Stacks);
        PerfRefusal refusal = watch._events.AddCpus();
        if (!refusal.IsOk)
        {
            watch.Dispose();
            throw WatchRefusals.ExplainKernel(refusal, location, options.Access);
        }

        watch._events.Enable();
        watch._reader.Start();
        return watch;
    }

    private static IReadOnlyList<int> ChooseCpus(IReadOnlyList<int>? wanted)
    {
        int[] online = OnlineCpus.Read();
        foreach (int cpu in wanted ?? [])
        {
            if (System.Array.IndexOf(online, cpu) < 0)
            {
                throw new WatchException($"CPU {cpu} is not online; {string.Join(",", online)} are");
            }
        }

        return wanted is null or { Count: 0 } ? online : wanted;
    }

    // What the fullest CPU has left: the watch is on all of them.
    private static int CountFreeOnCpus(IReadOnlyList<int> cpus, out string holders)
    {
        int least = int.MaxValue;
        foreach (int cpu in cpus)
        {
            PerfStatus status = SlotProbe.Count(-1, cpu, out int free);
            if (status != PerfStatus.Ok)
            {
                throw WatchRefusals.Explain(new PerfRefusal(status, -1, cpu, 0), -1, 0);
            }

            least = int.Min(least, free);
        }

        holders = least < WatchPieces.MostSlots ? SlotHolders.Describe(-1) : "";
        return least;
    }
}
