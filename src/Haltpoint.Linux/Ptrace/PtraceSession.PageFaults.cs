using System;
using System.Collections.Generic;
using System.Diagnostics;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Registers;
using Haltpoint.PageTraps;
using Haltpoint.Stopping;

namespace Haltpoint.Linux.Ptrace;

// Accesses of instructions to trapped pages.
public sealed unsafe partial class PtraceSession
{
    // SEGV_MAPERR and SEGV_ACCERR (sigaction(2)): the faults that have an address of ours in them.
    private const int NotMapped = 1;
    private const int NotAllowed = 2;

    private readonly AccessValues _values = new();

    /// <summary>Takes a fault at a trapped page for ours. Everything else is the program's own.</summary>
    private bool TryTakePageFault(Tracee tracee)
    {
        if (tracee.Process.Space.PageTraps is not { } traps || !tracee.TryGetSignalInfo(out SignalInfo info))
        {
            return false;
        }

        FaultVerdict verdict = Judge(traps, tracee, info);
        tracee.HasPageFault = verdict == FaultVerdict.Trapped;
        if (tracee.HasPageFault)
        {
            OnTrappedFault(tracee.Process, info.FaultAddress);
        }

        return verdict != FaultVerdict.NotOurs;
    }

    private static bool IsPageFault(Tracee tracee, in SignalInfo info) =>
        tracee.Process.Space.PageTraps is { } traps && Judge(traps, tracee, info) != FaultVerdict.NotOurs;

    private static FaultVerdict Judge(TrappedSpace traps, Tracee tracee, in SignalInfo info) =>
        info is { Signal: SignalNumber.Segment, Code: NotMapped or NotAllowed }
            ? traps.Table.Judge(info.FaultAddress, tracee.TrapStamp)
            : FaultVerdict.NotOurs;

    /// <summary>Makes the access for a thread that is stopped at the fault of it, and tells it to whoever asked.</summary>
    /// <remarks>
    /// One at a time, whatever the threads do: between the values before and after, no other thread's access can come, because each of
    /// them needs this very method. The page never comes back where the program knows it while other threads run.
    /// </remarks>
    private void MakeAccess(Tracee tracee)
    {
        tracee.HasPageFault = false;
        AddressSpace space = tracee.Process.Space;
        if (space.PageTraps is not { IsArmed: true } traps || !tracee.Registers.TryRead(UserRegister.Rip, out ulong instruction))
        {
            return;
        }

        KnownInstruction? known = FindInstruction(space, traps, instruction);
        TraceeRegisters registers = new(tracee);
        _values.Count = known?.FindAccesses(ref registers, _values.Accesses) ?? -1;
        bool isKnown = _values.Count >= 0;
        if (!isKnown)
        {
            TakeFaultForAccess(tracee);
        }

        _values.ReadBefore(space);
        OrdinaryMemory memory = new(space, traps, _values);
        StepEnd end = StepEnd.Gone;
        bool wasEmulated = false;
        if (known is not null && isKnown && known.TryEmulate(ref registers, ref memory))
        {
            wasEmulated = true;
            _values.KeepUnwritten();
            end = StepEnd.Done;
        }
        else if (known is null || !isKnown
            || (!(_values.HasDevice && TryAccessDevice(tracee, traps, known, out end)) && !TryRedirect(tracee, traps, known, out end)))
        {
            end = StepOpened(tracee);
        }

        if (end == StepEnd.Done)
        {
            _values.ReadAfter(space);
            TellInstruction(tracee, traps, instruction);
            OnInstructionDone(tracee, wasEmulated);
        }
        else if (end == StepEnd.Fault)
        {
            OnOwnFault(tracee);
        }
    }

    private static KnownInstruction? FindInstruction(AddressSpace space, TrappedSpace traps, ulong address)
    {
        Span<byte> code = stackalloc byte[InstructionCache.LongestInstruction];
        int length = space.Read(address, code);
        return traps.Instructions.Find(address, code[..length], is32Bit: false);
    }

    // An instruction nobody can read: what is known is that it touched this byte.
    private void TakeFaultForAccess(Tracee tracee)
    {
        tracee.TryGetSignalInfo(out SignalInfo info);
        _values.Accesses[0] = new MemoryAccess(info.FaultAddress, 1, AccessDirection.ReadWrite);
        _values.Count = 1;
    }

    /// <summary>Executes the instruction in the scratch area, with its operands at the home.</summary>
    private bool TryRedirect(Tracee tracee, TrappedSpace traps, KnownInstruction known, out StepEnd end)
    {
        end = StepEnd.Gone;
        TraceeRegisters registers = new(tracee);
        SpaceHomes homes = new(traps);
        if (known.SlotCode.IsEmpty || !TryPlace(tracee, traps, known, out ulong slot)
            || !known.TryRedirect(ref registers, ref homes, slot, out RedirectedStep step))
        {
            return false;
        }

        KeepStep(tracee, step);
        end = StepAlone(tracee);
        if (end == StepEnd.Gone)
        {
            return true;
        }

        if (end == StepEnd.Done && step.IsDone(tracee.Registers.ProgramCounter))
        {
            step.Finish(ref registers);
        }
        else
        {
            step.Cancel(ref registers);
            TranslateFault(tracee, traps, slot, step.Address);
        }

        return true;
    }

    /// <summary>The program is told of a fault at the home where it knows the memory, and of one at the scratch area where its instruction is.</summary>
    private static void TranslateFault(Tracee tracee, TrappedSpace traps, ulong slot, ulong instruction)
    {
        if (!tracee.TryGetSignalInfo(out SignalInfo info))
        {
            return;
        }

        bool isAtCode = info.FaultAddress - slot < InstructionCache.LongestInstruction;
        if (isAtCode || traps.TryFindByHome(info.FaultAddress, out _))
        {
            traps.TryFindByHome(info.FaultAddress, out ulong original);
            info.FaultAddress = isAtCode ? instruction + (info.FaultAddress - slot) : original;
            tracee.Ask(TraceRequest.SetSignalInfo, 0, &info);
        }
    }

    /// <summary>Executes the instruction where it is, with the pages it needs back in place and every other thread held.</summary>
    private StepEnd StepOpened(Tracee tracee)
    {
        AddressSpace space = tracee.Process.Space;
        TrappedSpace traps = space.PageTraps!;
        Stop(space, tracee);
        if (!CanRun(tracee) || (!IsNonStop && HasNews))
        {
            // It faults again when it runs on.
            return StepEnd.Gone;
        }

        ulong address = tracee.Registers.ProgramCounter;
        bool isLifted = space.TryLift(address);
        List<TrappedRun> opened = [];
        space.Share();
        StepEnd end = StepEnd.Done;
        while (tracee.TryGetSignalInfo(out SignalInfo info) && TryOpen(tracee, traps, info, opened))
        {
            end = StepAlone(tracee);
            if (end != StepEnd.Fault)
            {
                break;
            }
        }

        if (isLifted)
        {
            space.TryPlant(address);
        }

        CloseAll(space, traps, opened);
        space.Dispose();
        return tracee.State == TraceeState.Stopped && tracee.Process.Space == space ? end : StepEnd.Gone;
    }

    private bool TryOpen(Tracee tracee, TrappedSpace traps, in SignalInfo info, List<TrappedRun> opened)
    {
        if (Judge(traps, tracee, info) != FaultVerdict.Trapped || !traps.Table.TryFindRun(info.FaultAddress, out TrappedRun run)
            || !TryMoveBack(tracee, run.Start, run.End, run.Distance()))
        {
            return false;
        }

        traps.Table.SetOpen(run.Start, true);
        opened.Add(run);
        return true;
    }

    private void CloseAll(AddressSpace space, TrappedSpace traps, List<TrappedRun> opened)
    {
        foreach (TrappedRun run in opened)
        {
            if (TryFindCaller(space, out Tracee? caller) && TryMoveAway(caller, run.Start, run.End, run.Distance(), out _))
            {
                traps.Table.SetOpen(run.Start, false);
            }
        }
    }

    /// <summary>The instruction is done as if it had executed by itself: what a step, or a debug register, has to say is said.</summary>
    private void OnInstructionDone(Tracee tracee, bool wasEmulated)
    {
        if (!tracee.HasPending)
        {
            if (wasEmulated)
            {
                OnStep(tracee);
            }
            else
            {
                OnDebugException(tracee, isStep: true);
            }
        }

        if (tracee.HasPending)
        {
            AddPending(tracee);
        }
    }

    /// <summary>The instruction has a reason of its own to fault, at a trapped page too: what the page allows without us it does not allow.</summary>
    private void OnOwnFault(Tracee tracee)
    {
        OnProgramSignal(tracee, tracee.Status.StopSignal);
        if (tracee.HasPending)
        {
            AddPending(tracee);
        }
    }

    private void TellInstruction(Tracee tracee, TrappedSpace traps, ulong instruction)
    {
        long time = Stopwatch.GetTimestamp();
        for (int i = 0; i < _values.Count; i++)
        {
            MemoryAccess access = _values.Accesses[i];
            Tell(tracee, traps, new TrappedAccess
            {
                Thread = tracee.Id,
                Statistics = tracee.Statistics,
                Time = time,
                Address = access.Address,
                Length = access.Size,
                Kind = (AccessKind)access.Direction,
                Before = _values.Before(i),
                After = _values.After(i),
                InstructionPointer = instruction,
                SystemCall = TrappedAccess.NoSystemCall,
                IsExact = _values.IsDevice(i) ? !_values.After(i).IsEmpty : traps.IsExact(access.Address, (ulong)access.Size),
            });
        }
    }

    private static void Tell(Tracee tracee, TrappedSpace traps, in TrappedAccess access)
    {
        int cursor = 0;
        ulong end = access.Address + (ulong)access.Length;
        while (traps.Table.TryFindHit(ref cursor, access.Address, end, access.Kind, out Probe hit))
        {
            PageProbe probe = traps.Probes[hit.Id];
            probe.Hits++;
            if (probe.Sink.OnAccess(probe, access) == AccessVerdict.Stop && !tracee.HasPending)
            {
                tracee.Report(new StopEvent
                {
                    Kind = StopKind.Signal,
                    Signal = SignalNumber.Trap,
                    Reason = probe.Access switch
                    {
                        AccessKind.Write => StopReason.WriteWatchpoint,
                        AccessKind.Read => StopReason.ReadWatchpoint,
                        _ => StopReason.AccessWatchpoint,
                    },
                    Address = Math.Max(access.Address, probe.Start),
                });
            }
        }
    }
}
