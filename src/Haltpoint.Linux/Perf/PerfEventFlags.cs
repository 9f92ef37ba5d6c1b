using System;

namespace Haltpoint.Linux.Perf;

/// <summary>The bit field of struct perf_event_attr, what is used of it.</summary>
[Flags]
internal enum PerfEventFlags : ulong
{
    None = 0,
    Disabled = 1ul << 0,
    Inherit = 1ul << 1,
    ExcludeUser = 1ul << 4,
    ExcludeKernel = 1ul << 5,
    ExcludeHypervisor = 1ul << 6,
    Mmap = 1ul << 8,
    Comm = 1ul << 9,
    Task = 1ul << 13,
    Watermark = 1ul << 14,
    SampleIdAll = 1ul << 18,
    ExcludeCallchainUser = 1ul << 22,
    Mmap2 = 1ul << 23,
    UseClockId = 1ul << 25,
    RemoveOnExec = 1ul << 36,
}
