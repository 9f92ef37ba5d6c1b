using System;
using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Ptrace;

/// <summary><see cref="ProcessMemory"/> as the trap table wants it.</summary>
internal readonly struct TrapMemory(ProcessMemory memory) : ITrapMemory
{
    public bool TryRead(ulong address, Span<byte> into) => memory.Read(address, into) == into.Length;

    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes) => memory.TryWrite(address, bytes);
}
