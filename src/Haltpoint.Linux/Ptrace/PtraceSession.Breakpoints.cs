using System;
using System.Collections.Generic;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Watchpoints;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Breakpoints and watchpoints of a process.
public sealed partial class PtraceSession
{
    private readonly List<Tracee> _banked = [];
    private TraceeBank[] _banks = [];

    internal TargetStatus Insert(TraceeProcess process, BreakpointKind kind, ulong address, int length, BreakpointActions actions)
    {
        AssertThread();
        LastError = "";
        NeedGuard(process);
        TargetStatus status = kind switch
        {
            BreakpointKind.Software => process.Space.Insert(address, actions, TrapUsers.Software),
            BreakpointKind.Hardware => InsertBreakpoint(process, address, length, actions),
            BreakpointKind.WriteWatch or BreakpointKind.AccessWatch => InsertWatchpoint(process, kind, address, length),
            _ => TargetStatus.Unsupported,
        };
        if (status != TargetStatus.Ok && LastError.Length > 0)
        {
            // gdb up to 14 shows a person a text of its own in place of the reason.
            Server.Console?.Print($"Cannot watch {length} byte{(length == 1 ? "" : "s")} at 0x{address:x}: {LastError}");
        }

        return status;
    }

    internal TargetStatus Remove(TraceeProcess process, BreakpointKind kind, ulong address, int length)
    {
        AssertThread();
        LastError = "";
        switch (kind)
        {
            case BreakpointKind.Software:
                return process.Space.Remove(address, TrapUsers.Software);
            case BreakpointKind.Hardware:
                return RemoveBreakpoint(process, address);
            default:
                return RemoveWatchpoint(process, kind, address, length);
        }
    }

    private TargetStatus InsertBreakpoint(TraceeProcess process, ulong address, int length, BreakpointActions actions)
    {
        if (length != 1)
        {
            return TargetStatus.BadArgument;
        }

        if (process.Space.HasUser(address, TrapUsers.Hardware))
        {
            process.HardwareActions[address] = actions;
            return process.Space.Insert(address, actions, TrapUsers.Hardware);
        }

        TargetStatus status = TargetStatus.Ok;
        if (!process.Hardware.Contains(BreakpointKind.Hardware, address, 1) && !TryInsertInRegisters(process, BreakpointKind.Hardware, address, 1, out status))
        {
            return status == TargetStatus.NoSlot ? Replan(process, address, actions) : status;
        }

        process.HardwareActions[address] = actions;
        return TargetStatus.Ok;
    }

    private TargetStatus RemoveBreakpoint(TraceeProcess process, ulong address)
    {
        process.HardwareActions.Remove(address);
        if (process.Space.HasUser(address, TrapUsers.Hardware))
        {
            return process.Space.Remove(address, TrapUsers.Hardware);
        }

        return RemoveFromRegisters(process, BreakpointKind.Hardware, address, 1);
    }

    private TargetStatus InsertWatchpoint(TraceeProcess process, BreakpointKind kind, ulong address, int length)
    {
        if (length <= 0)
        {
            return TargetStatus.BadArgument;
        }

        if (!WatchRange.IsValid(address, (ulong)length))
        {
            return TargetStatus.BadAddress;
        }

        Watchpoint watchpoint = process.Watchpoints.FindOrAdd(kind, address, length);
        if (watchpoint.IsInserted)
        {
            return TargetStatus.Ok;
        }

        watchpoint.IsInserted = true;
        TargetStatus status = watchpoint.IsTrapped ? TargetStatus.Ok : Hold(process, watchpoint);
        if (status != TargetStatus.Ok)
        {
            watchpoint.IsInserted = false;
            return status;
        }

        watchpoint.Withdrawn = null;
        process.Space.Read(address, watchpoint.Kept);
        return TargetStatus.Ok;
    }

    // What is still trapped stays so until the program goes on: gdb puts back what it takes out at a stop.
    private TargetStatus RemoveWatchpoint(TraceeProcess process, BreakpointKind kind, ulong address, int length)
    {
        if (process.Watchpoints.Find(kind, address, length) is not { } watchpoint)
        {
            return TargetStatus.NotFound;
        }

        if (!watchpoint.IsInserted)
        {
            // A forked child has no copy of what traps pages, and gdb takes it out of it.
            return TargetStatus.Ok;
        }

        watchpoint.IsInserted = false;
        return watchpoint.IsTrapped || watchpoint.Withdrawn is not null ? TargetStatus.Ok : RemoveFromRegisters(process, kind, address, length);
    }

    private bool TryInsertInRegisters(TraceeProcess process, BreakpointKind kind, ulong address, int length, out TargetStatus status)
    {
        HardwareBreakpoints wanted = process.Hardware;
        SlotStatus slots = wanted.Insert(kind, address, length);
        status = slots switch
        {
            SlotStatus.Ok => Program(process, wanted, mustHold: true),
            SlotStatus.Exhausted => TargetStatus.NoSlot,
            SlotStatus.BadAddress => TargetStatus.BadAddress,
            _ => TargetStatus.BadArgument,
        };
        return status == TargetStatus.Ok;
    }

    private TargetStatus RemoveFromRegisters(TraceeProcess process, BreakpointKind kind, ulong address, int length)
    {
        HardwareBreakpoints wanted = process.Hardware;
        return wanted.Remove(kind, address, length) == SlotStatus.Ok ? Program(process, wanted, mustHold: false) : TargetStatus.NotFound;
    }

    /// <summary>Makes every thread of the process hold the image of <paramref name="wanted"/>, or leaves all as they were.</summary>
    /// <remarks>
    /// A debugger that removes everything at each stop and inserts it again before it resumes costs no write: what a stopped
    /// thread need no longer hold leaves its registers only when it runs.
    /// </remarks>
    private TargetStatus Program(TraceeProcess process, in HardwareBreakpoints wanted, bool mustHold)
    {
        DebugRegisterImage before = process.WantedDebugRegisters;
        DebugRegisterImage after = new(wanted);
        if (after.Control.IsAnyArmed && NeedGuard(process) is { } guard)
        {
            guard.Process.HasRegisters = 1;
        }

        bool mustWrite = mustHold;
        foreach (Tracee tracee in process.Threads)
        {
            mustWrite |= tracee.State == TraceeState.Running;
        }

        if (mustWrite && !before.Is(after))
        {
            Stop(process.Space, null);
            Span<TraceeBank> banks = Banks(process);
            bool isProgrammed = DebugRegisterBanks.TryProgram(banks, before, after, out int refusing) == BankStatus.Programmed;
            if (!isProgrammed)
            {
                Settle();
                return Refuse(WatchpointRefusals.Explain(_banked[refusing], out string reason), reason);
            }
        }

        process.Hardware = wanted;
        process.WantedDebugRegisters = after;
        Settle();
        return TargetStatus.Ok;
    }

    private Span<TraceeBank> Banks(TraceeProcess process)
    {
        _banked.Clear();
        foreach (Tracee tracee in process.Threads)
        {
            if (tracee.State == TraceeState.Stopped)
            {
                _banked.Add(tracee);
            }
        }

        if (_banks.Length < _banked.Count)
        {
            _banks = new TraceeBank[_banked.Count * 2];
        }

        for (int i = 0; i < _banked.Count; i++)
        {
            _banks[i] = new TraceeBank(_banked[i]);
        }

        return _banks.AsSpan(0, _banked.Count);
    }
}
