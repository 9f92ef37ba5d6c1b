using System.Collections.Generic;
using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Watching;

/// <summary>How to watch.</summary>
public sealed record WatchOptions
{
    /// <summary>Writes, reads and writes, or executions; x86 has no register that hears of reads alone.</summary>
    public AccessKind Access { get; init; } = AccessKind.Write;

    /// <summary>Bytes to watch; 0 for the size of what is named.</summary>
    public int Length { get; init; }

    /// <summary>Only these threads, and none that they start; null for all threads and children.</summary>
    public IReadOnlyList<int>? Threads { get; init; }

    /// <summary>Only on these CPUs, for the kernel's own data; null for all that are online.</summary>
    public IReadOnlyList<int>? Cpus { get; init; }

    /// <summary>Gives each hit the stack it was made on.</summary>
    public bool Stacks { get; init; }

    /// <summary>Hears of writes by the kernel on the program's behalf, such as read(2) into the watched bytes.</summary>
    public bool KernelWrites { get; init; }
}
