using System;
using System.Diagnostics.CodeAnalysis;
using Haltpoint.Linux.Guarding;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.OwnMaps;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.Symbols;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.Ptrace;

// Taking pages to their home and back. Every thread of the address space is stopped.
public sealed partial class PtraceSession
{
    private const int SearchLength = 4096;

    /// <summary>Makes a process ready for page traps, or says why it cannot have any.</summary>
    private bool TryPrepare(TraceeProcess process, [NotNullWhen(true)] out TrappedSpace? traps, [NotNullWhen(true)] out Tracee? caller)
    {
        traps = null;
        if (!TryFindCaller(process.Space, out caller))
        {
            return false;
        }

        if (!caller.Registers.TryGetIs32Bit(out bool is32Bit) || is32Bit)
        {
            LastError = is32Bit ? "page traps are for 64-bit programs" : "the process has just ended";
            return false;
        }

        GuardedSpace? guard = NeedGuard(process);
        traps = process.Space.NeedPageTraps();
        process.IgnoresTraps = !traps.Actions.StandIn(caller) && SignalMasks.Read(caller.Thread).Ignores(SignalNumber.Trap);
        ulong instruction = traps.SystemCallInstruction;
        if (instruction == 0 && !TryFindSystemCall(process, out instruction))
        {
            LastError = "no system call instruction was found in the process";
            return false;
        }

        traps.SystemCallInstruction = instruction;
        if (guard is not null)
        {
            guard.Process.SystemCallInstruction = instruction;
        }

        if (!TryNeedScratch(caller, traps))
        {
            LastError = "the process has no room for page traps";
            return false;
        }

        return true;
    }

    /// <summary>A thread that can be made to call the kernel, when all others of the address space are held.</summary>
    private bool TryFindCaller(AddressSpace space, [NotNullWhen(true)] out Tracee? caller)
    {
        caller = null;
        foreach (Tracee tracee in _tracees.Values)
        {
            if (tracee.Process.Space != space || tracee.State == TraceeState.Exiting || (tracee.State == TraceeState.Stopped && tracee.IsInVfork))
            {
                continue;
            }

            if (tracee.State != TraceeState.Stopped)
            {
                LastError = $"thread {tracee.Thread} is held in the kernel and could not be stopped; try again";
                return false;
            }

            // One that is stopped by job control would run on afterwards.
            if (caller is null || (caller.IsInGroupStop && !tracee.IsInGroupStop))
            {
                caller = tracee;
            }
        }

        if (caller is null)
        {
            LastError = "the process has no thread left to run";
        }

        return caller is not null;
    }

    // The kernel's own page of code has some in every process; a program without that page has them in its own code.
    private static bool TryFindSystemCall(TraceeProcess process, out ulong instruction)
    {
        MemoryMap map = MemoryMap.Read(process.Id);
        foreach (Mapping mapping in map.Mappings)
        {
            if (mapping.Path == "[vdso]" && TryFindSystemCall(process.Space, mapping, out instruction))
            {
                return true;
            }
        }

        foreach (Mapping mapping in map.Mappings)
        {
            if (mapping.IsExecutable && mapping.Path != "[vsyscall]" && TryFindSystemCall(process.Space, mapping, out instruction))
            {
                return true;
            }
        }

        instruction = 0;
        return false;
    }

    private static bool TryFindSystemCall(AddressSpace space, in Mapping mapping, out ulong instruction)
    {
        ReadOnlySpan<byte> call = [0x0F, 0x05];
        Span<byte> bytes = stackalloc byte[SearchLength];
        for (ulong at = mapping.Start; at < mapping.End; at += SearchLength)
        {
            int count = space.Memory.Read(at, bytes);
            int index = bytes[..count].IndexOf(call);
            if (index >= 0)
            {
                instruction = at + (ulong)index;
                return true;
            }
        }

        instruction = 0;
        return false;
    }

    /// <summary>Arms pages of one mapping.</summary>
    private bool TryArm(Tracee caller, MemoryMap map, ulong start, ulong end, out string? refusal)
    {
        TrappedSpace traps = caller.Process.Space.PageTraps!;
        ulong distance = traps.Homes.Find(map, start, end);
        if (distance == 0 || !traps.Table.HasRoom)
        {
            refusal = "there is no room left for page traps";
            return false;
        }

        if (map.TryFind(start, out Mapping mapping) && !mapping.IsFile && !mapping.IsShared)
        {
            Anchor(caller.Process.Space, start);
        }

        if (!TryNeedActions(caller, traps))
        {
            refusal = "the process's signal handlers could not be kept";
            return false;
        }

        // Before it moves: what the system says of a mapping it says by its place.
        MapsEdges.Note(traps, map, start);
        MapsEdges.Note(traps, map, end);
        RunTraits traits = TraitsOf(caller.Process.Id, mapping);
        caller.Process.Space.Guard?.AddRun(start, end, distance | (ulong)traits);
        if (!TryMoveAway(caller, start, end, distance, out long error))
        {
            caller.Process.Space.Guard?.SetRuns(traps.Table);
            refusal = PageRefusal.Kernel("move", start, error);
            return false;
        }

        RestartBlocked(caller.Process.Space, start, end);
        traps.Table.Arm(start, end, distance | (ulong)traits);
        map.Add(mapping with { Start = start + distance, End = end + distance });
        refusal = null;
        return true;
    }

    private static RunTraits TraitsOf(int process, in Mapping mapping) =>
        (mapping.IsReadable ? RunTraits.Readable : 0) | (mapping.IsWritable ? RunTraits.Writable : 0)
        | (mapping.Path == MapsNames.Heap ? RunTraits.Heap : 0) | (mapping.Path == MapsNames.Stack ? RunTraits.Stack : 0)
        | (mapping.IsShared ? RunTraits.Shared : 0) | (MappingFlags.IsDevice(process, mapping) ? RunTraits.Device : 0);

    // Private memory that nobody has touched yet has no place of its own in the kernel's books: moved, it takes the new one for its
    // first, and moved back it no longer joins its neighbours. A byte written to it settles that.
    private static void Anchor(AddressSpace space, ulong start)
    {
        Span<byte> one = stackalloc byte[1];
        if (space.Memory.Read(start, one) == 1)
        {
            space.Memory.TryWrite(start, one);
        }
    }

    private bool TryMoveAway(Tracee caller, ulong start, ulong end, ulong distance, out long error)
    {
        ulong length = end - start;
        if (!TryCall(caller, CallNumber.Mremap, out error, start, length, length, CallNumber.MoveTo, start + distance) || IsError(error))
        {
            return false;
        }

        if (TryCall(caller, CallNumber.Mmap, out error, start, length, 0, CallNumber.Placeholder, ulong.MaxValue, 0) && !IsError(error))
        {
            return true;
        }

        TryMoveBack(caller, start, end, distance);
        return false;
    }

    private bool TryMoveBack(Tracee caller, ulong start, ulong end, ulong distance)
    {
        ulong length = end - start;
        return TryCall(caller, CallNumber.Mremap, out long moved, start + distance, length, length, CallNumber.MoveTo, start) && !IsError(moved);
    }

    /// <summary>Puts back every page that no probe needs any more.</summary>
    private void DisarmUnneeded(AddressSpace space)
    {
        TrappedSpace traps = space.PageTraps!;
        if (!traps.IsArmed && traps.Scratch == 0)
        {
            return;
        }

        DropOpen(traps);
        if (!TryFindCaller(space, out Tracee? caller))
        {
            return;
        }

        RestartSuspended(space);
        ulong from = 0;
        while (traps.Table.TryFindUnneeded(from, out TrappedRun piece))
        {
            from = piece.End;
            if (caller.State == TraceeState.Stopped && traps.Table.HasRoom && TryMoveBack(caller, piece.Start, piece.End, piece.Distance()))
            {
                traps.Table.Disarm(piece.Start, piece.End);
            }
        }

        space.Guard?.SetRuns(traps.Table);
        RemoveScratch(traps, caller);
        ForgetDeparted(space);
    }

    // What was put back for a while stays there when nobody needs it any more.
    private static void DropOpen(TrappedSpace traps)
    {
        for (ulong from = 0; traps.Table.TryFindUnneeded(from, out TrappedRun piece); from = piece.End)
        {
            if (piece.IsOpen && traps.Table.HasRoom)
            {
                traps.Table.Disarm(piece.Start, piece.End);
            }
        }
    }

    /// <summary>Ends all page traps of a process, whose threads are stopped: it is to run on without us.</summary>
    private void DisarmAll(AddressSpace space)
    {
        if (space.PageTraps is not { } traps)
        {
            return;
        }

        foreach (PageProbe probe in traps.Probes.Values)
        {
            traps.Table.RemoveProbe(probe.Id);
            probe.IsActive = false;
        }

        traps.Probes.Clear();
        DisarmUnneeded(space);
    }

    private void ForgetDeparted(AddressSpace space)
    {
        ulong oldest = ulong.MaxValue;
        foreach (Tracee tracee in _tracees.Values)
        {
            if (tracee.Process.Space == space)
            {
                oldest = Math.Min(oldest, tracee.TrapStamp);
            }
        }

        space.PageTraps!.Table.ForgetDeparted(oldest);
    }
}
