using System;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Ptrace;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Trapped memory that can be accessed for an instruction without executing it: no device's, and as its protection allows.</summary>
/// <remarks>What is refused here is left to the processor, which finds every reason there may be.</remarks>
internal readonly struct OrdinaryMemory(AddressSpace space, TrappedSpace traps, AccessValues values) : IProgramMemory
{
    public bool TryRead(ulong address, Span<byte> into) =>
        IsAllowed(address, into.Length, RunTraits.Readable)
        && (values.TryTakeBefore(address, into) || space.Memory.Read(address, into) == into.Length);

    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!IsAllowed(address, bytes.Length, RunTraits.Writable) || !space.Memory.TryWrite(address, bytes))
        {
            return false;
        }

        values.NoteWritten(address, bytes);
        return true;
    }

    private bool IsAllowed(ulong address, int length, RunTraits needed) =>
        traps.Table.TryFindRun(address, out TrappedRun run) && run.End - address >= (ulong)length
        && run.Has(needed) && !run.Has(RunTraits.Device) && !run.IsOpen;
}
