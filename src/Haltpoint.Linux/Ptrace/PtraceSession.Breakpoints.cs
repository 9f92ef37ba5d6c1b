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
        if (kind == BreakpointKind.Software)
        {
            return process.Space.Insert(address, actions);
        }

        if (!WatchpointPlanner.TryPlan(process.Hardware, kind, address, length, out HardwareBreakpoints planned, out SlotStatus status))
        {
            return Refuse(WatchpointPlanner.Explain(process.Hardware, status, out string reason), reason);
        }

        TargetStatus programmed = Program(process, planned, mustHold: true);
        if (programmed != TargetStatus.Ok)
        {
            return programmed;
        }

        if (kind == BreakpointKind.Hardware)
        {
            process.HardwareActions[address] = actions;
        }
        else
        {
            Watchpoint watchpoint = process.Watchpoints.FindOrAdd(kind, address, length);
            watchpoint.IsInserted = true;
            process.Space.Read(address, watchpoint.Kept);
        }

        return TargetStatus.Ok;
    }

    internal TargetStatus Remove(TraceeProcess process, BreakpointKind kind, ulong address, int length)
    {
        AssertThread();
        LastError = "";
        if (kind == BreakpointKind.Software)
        {
            return process.Space.Remove(address);
        }

        HardwareBreakpoints wanted = process.Hardware;
        if (wanted.Remove(kind, address, length) != SlotStatus.Ok)
        {
            return TargetStatus.NotFound;
        }

        if (kind == BreakpointKind.Hardware)
        {
            process.HardwareActions.Remove(address);
        }
        else if (process.Watchpoints.Find(kind, address, length) is { } watchpoint)
        {
            watchpoint.IsInserted = false;
        }

        return Program(process, wanted, mustHold: false);
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
                return Refuse(WatchpointPlanner.Explain(_banked[refusing], out string reason), reason);
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
