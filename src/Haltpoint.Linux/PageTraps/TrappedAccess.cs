using System;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Procfs;
using Haltpoint.Targets;

namespace Haltpoint.Linux.PageTraps;

/// <summary>One access of a thread, or of the kernel for it, to trapped memory. Valid during the call that tells it.</summary>
/// <remarks>The whole access is told, also when some of its bytes are outside of the probe's range.</remarks>
public readonly ref struct TrappedAccess
{
    /// <summary>For <see cref="SystemCall"/>: an instruction made the access.</summary>
    public const int NoSystemCall = -1;

    public ThreadId Thread { get; init; }

    /// <summary>The CPU that the thread last ran on, or -1. Asked of the kernel when read.</summary>
    public int Cpu => Statistics?.ReadLastCpu() ?? ThreadStat.ReadLastCpu(Thread.Thread);

    internal ThreadStatFile? Statistics { get; init; }

    /// <summary>CLOCK_MONOTONIC in nanoseconds, when the access was complete.</summary>
    public long Time { get; init; }

    /// <summary>First byte, where the program knows it.</summary>
    public ulong Address { get; init; }

    /// <summary>Bytes accessed; of a system call what it really transferred.</summary>
    public int Length { get; init; }

    /// <summary>Read, write, or both by one instruction.</summary>
    public AccessKind Kind { get; init; }

    /// <summary>The bytes before the access; empty where reading them could have an effect, as in a device.</summary>
    public ReadOnlySpan<byte> Before { get; init; }

    /// <summary>The bytes that were read or written; empty when they could not be learned without another access.</summary>
    public ReadOnlySpan<byte> After { get; init; }

    /// <summary>Address of the instruction; of a system call, of the instruction that made it.</summary>
    public ulong InstructionPointer { get; init; }

    /// <summary>Number of the system call that accessed the memory, or <see cref="NoSystemCall"/>.</summary>
    public int SystemCall { get; init; }

    /// <summary>Nobody else can have changed the bytes between <see cref="Before"/>, the access and <see cref="After"/>.</summary>
    public bool IsExact { get; init; }
}
