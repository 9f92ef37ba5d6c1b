using System;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Ptrace;

// The area that a process with page traps gets for code and data of ours.
public sealed partial class PtraceSession
{
    private bool TryNeedScratch(Tracee caller, TrappedSpace traps)
    {
        if (traps.Scratch != 0)
        {
            return true;
        }

        ulong length = TrappedSpace.CodeLength + TrappedSpace.DataLength;
        ulong place = HomeFinder.FindRoom(MemoryMap.Read(caller.Process.Id), length);
        NoteScratch(caller.Process.Space, place);
        if (place == 0
            || !TryCall(caller, CallNumber.Mmap, out long area, place, length, CallNumber.ReadWrite, CallNumber.OnlyThere, ulong.MaxValue, 0)
            || area != (long)place)
        {
            return false;
        }

        traps.Scratch = place;
        traps.Code.Clear();
        return caller.Process.Space.Memory.TryWrite(place + TrappedSpace.CodeLength - (ulong)DeviceStubs.Code.Length, DeviceStubs.Code)
            && caller.Process.Space.Memory.TryWrite(place + HandlerCode.Offset, HandlerCode.Code)
            && TryCall(caller, CallNumber.Mprotect, out long result, place, TrappedSpace.CodeLength, CallNumber.ReadExecute) && !IsError(result);
    }

    /// <summary>The slot with an instruction's replacement.</summary>
    private bool TryPlace(Tracee tracee, TrappedSpace traps, KnownInstruction known, out ulong slot)
    {
        slot = 0;
        if (known.SlotCode.Length > ScratchCode.SlotLength || !TryNeedScratch(tracee, traps))
        {
            return false;
        }

        slot = traps.Scratch + (ulong)traps.Code.Find(known, out bool isNew);
        return !isNew || tracee.Process.Space.Memory.TryWrite(slot, known.SlotCode);
    }

    // Nothing of ours stays in a process that has no page traps.
    private void RemoveScratch(TrappedSpace traps, Tracee caller)
    {
        if (!traps.IsArmed && traps.Scratch != 0 && caller.State == TraceeState.Stopped && TryReturnActions(caller, traps)
            && TryCall(caller, CallNumber.Munmap, out _, traps.Scratch, TrappedSpace.CodeLength + TrappedSpace.DataLength))
        {
            traps.Scratch = 0;
            NoteScratch(caller.Process.Space, 0);
        }
    }

    private static void NoteScratch(AddressSpace space, ulong place)
    {
        if (space.Guard is { } guard)
        {
            guard.Process.Scratch = place;
        }
    }
}
