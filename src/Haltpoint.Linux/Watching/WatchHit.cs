using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>One access to the watched memory.</summary>
public readonly record struct WatchHit
{
    /// <summary>Nanoseconds on CLOCK_MONOTONIC, taken right after the access.</summary>
    public required long Time { get; init; }

    public required int Cpu { get; init; }

    public required int ProcessId { get; init; }

    public required int ThreadId { get; init; }

    /// <summary>The thread's name when it made the access.</summary>
    public required string ThreadName { get; init; }

    /// <summary>What it did, as the instruction says; <see cref="AccessKind.ReadWrite"/> when that could not be told.</summary>
    public required AccessKind Access { get; init; }

    /// <summary>The watched bytes that were hit: what one debug register covers, of which the instruction may have touched a part.</summary>
    public required ulong Address { get; init; }

    public required int Length { get; init; }

    /// <summary>Those bytes after the access; null when that could not be found out, and for an execution.</summary>
    public ulong? Value { get; init; }

    /// <summary>Those bytes before it; null when that is not known.</summary>
    public ulong? OldValue { get; init; }

    /// <summary>Whether <see cref="Value"/> follows from the instruction. If not, it was read later, when others may have written.</summary>
    public bool IsExact { get; init; }

    /// <summary>The instruction that made the access; of an access by the kernel, where the program called it.</summary>
    public required ulong InstructionPointer { get; init; }

    /// <summary>That place as a person names it; of an access by the kernel, the nearest caller with a source line.</summary>
    public required CodeFrame Location { get; init; }

    /// <summary>Whether the kernel made the access, on the program's behalf or its own.</summary>
    public bool IsKernel { get; init; }

    /// <summary>How many reports of the CPU are folded into this one: a copy by the kernel is one for each of its rounds.</summary>
    public required int Count { get; init; }

    /// <summary>From the access outwards, inlined functions included; empty unless stacks were asked for.</summary>
    public IReadOnlyList<CodeFrame> Stack { get; init; }
}
