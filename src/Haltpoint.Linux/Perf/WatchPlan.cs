using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Perf;

/// <summary>What every event of one watch has in common.</summary>
internal sealed class WatchPlan
{
    private const int ClockMonotonic = 1;

    /// <summary>One slot each.</summary>
    public required WatchPiece[] Pieces { get; init; }

    public required AccessKind Access { get; init; }

    /// <summary>Hears of accesses that the kernel makes, too.</summary>
    public bool IncludeKernel { get; init; }

    /// <summary>Hears of accesses by programs; off for the kernel's own data.</summary>
    public bool IncludeUser { get; init; } = true;

    public bool Registers { get; init; } = true;

    /// <summary>Kernel return addresses in each sample.</summary>
    public bool KernelStack { get; init; }

    /// <summary>Bytes of user stack in each sample, a multiple of 8.</summary>
    public int StackBytes { get; init; }

    /// <summary>Threads and processes started by a watched thread are watched from their first instruction.</summary>
    public bool Follow { get; init; } = true;

    /// <summary>Hits per sample.</summary>
    public ulong Period { get; init; } = 1;

    /// <summary>Pages of ring wanted on each CPU: with whole stacks a record is thirty times as long.</summary>
    public int RingPages => StackBytes > 4096 ? 4 * PerfRing.DefaultPages : PerfRing.DefaultPages;

    public PerfSampleFields Fields =>
        PerfSample.Common
        | (KernelStack ? PerfSampleFields.Callchain : 0)
        | (Registers ? PerfSampleFields.RegistersUser : 0)
        | (StackBytes > 0 ? PerfSampleFields.StackUser : 0)
        | (Registers && IncludeKernel ? PerfSampleFields.RegistersInterrupted : 0);

    /// <summary>The event of one piece, disabled: nothing fires before the last one is open.</summary>
    public PerfEventAttr CreateAttr(int piece) => new()
    {
        Type = PerfEventType.Breakpoint,
        SamplePeriod = Period,
        SampleType = Fields,
        SampleRegistersUser = Registers ? PerfRegisters.Mask : 0,
        SampleRegistersInterrupted = Registers && IncludeKernel ? PerfRegisters.Mask : 0,
        SampleStackUser = (uint)StackBytes,
        ClockId = ClockMonotonic,
        BreakpointType = (uint)Access,
        BreakpointAddress = Pieces[piece].Address,
        BreakpointLength = (ulong)Pieces[piece].Length,
        WakeupWatermark = 64 * 1024,
        Flags = PerfEventFlags.Disabled | PerfEventFlags.SampleIdAll | PerfEventFlags.UseClockId | PerfEventFlags.Watermark
            | (IncludeKernel ? 0 : PerfEventFlags.ExcludeKernel | PerfEventFlags.ExcludeHypervisor)
            | (IncludeUser ? 0 : PerfEventFlags.ExcludeUser)
            | (KernelStack ? PerfEventFlags.ExcludeCallchainUser : 0)
            // An address means nothing in another program.
            | (Follow ? PerfEventFlags.Inherit | PerfEventFlags.RemoveOnExec : 0)
            // The news of threads, names and mappings once, not once a piece.
            | (Follow && piece == 0
                ? PerfEventFlags.Task | PerfEventFlags.Comm | PerfEventFlags.Mmap | PerfEventFlags.Mmap2
                : 0),
    };
}
