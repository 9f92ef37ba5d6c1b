using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Tracing;

/// <summary>One access to a traced mapping: by one instruction, or by the kernel for one system call.</summary>
public readonly record struct TracedAccess
{
    /// <summary>Nanoseconds on CLOCK_MONOTONIC, taken right after the access.</summary>
    public required long Time { get; init; }

    /// <summary>The CPU the thread ran on; -1 when that could not be found out.</summary>
    public required int Cpu { get; init; }

    public required int ProcessId { get; init; }

    public required int ThreadId { get; init; }

    public required string ThreadName { get; init; }

    /// <summary>An instruction that changes what is there is one access, <see cref="AccessKind.ReadWrite"/>.</summary>
    public required AccessKind Access { get; init; }

    public required ulong Address { get; init; }

    /// <summary>Bytes; 0 when the instruction does not tell.</summary>
    public required int Width { get; init; }

    public required TracedMapping Mapping { get; init; }

    /// <summary>Of a read what was read, of a write what was written; not known unless values were asked for.</summary>
    public AccessValue Value { get; init; }

    /// <summary>What was there before a write; never known of a device, which would have to be read for it.</summary>
    public AccessValue OldValue { get; init; }

    /// <summary>Whether the values are certainly those of this access. If not, another thread or process may have written in between.</summary>
    public bool IsExact { get; init; }

    /// <summary>The instruction; of an access by the kernel, the one that made the system call.</summary>
    public required ulong InstructionPointer { get; init; }

    /// <summary>The first three bytes of the instruction, the first one lowest.</summary>
    public uint InstructionStart { get; init; }

    /// <summary>That place as a person names it; of an access by the kernel, the nearest caller with a source line.</summary>
    public required CodeFrame Location { get; init; }

    /// <summary>The system call in which the kernel made the access; null for one by the program itself.</summary>
    public string? SystemCall { get; init; }

    /// <summary>From the access outwards, inlined functions included; empty unless stacks were asked for.</summary>
    public required IReadOnlyList<CodeFrame> Stack { get; init; }

    /// <summary>Bytes from the start of the mapping, or of the one it is the growth of.</summary>
    public ulong Offset => Address - Mapping.Origin;
}
