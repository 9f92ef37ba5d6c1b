using System;
using System.Collections.Generic;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Interop;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Breakpoints and watchpoints of a process.
public sealed partial class PtraceSession
{
    internal TargetStatus Insert(TraceeProcess process, BreakpointKind kind, ulong address, int length, BreakpointActions actions)
    {
        AssertThread();
        if (kind == BreakpointKind.Software)
        {
            return process.Space.Insert(address, actions);
        }

        HardwareBreakpoints wanted = process.Hardware;
        if (!wanted.Contains(kind, address, length))
        {
            SlotStatus status = wanted.Insert(kind, address, length);
            if (status != SlotStatus.Ok)
            {
                return RefuseSlot(process, status);
            }

            TargetStatus programmed = Program(process, wanted, mustHold: true);
            if (programmed != TargetStatus.Ok)
            {
                return programmed;
            }
        }

        if (kind == BreakpointKind.Hardware)
        {
            process.HardwareActions[address] = actions;
        }

        return TargetStatus.Ok;
    }

    internal TargetStatus Remove(TraceeProcess process, BreakpointKind kind, ulong address, int length)
    {
        AssertThread();
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
        bool someRun = HasRunning(process);
        if (someRun)
        {
            Stop(process, null);
        }

        if (mustHold || someRun)
        {
            List<TraceeBank> banks = [];
            foreach (Tracee tracee in process.Threads)
            {
                if (tracee.State == TraceeState.Stopped)
                {
                    banks.Add(new TraceeBank(tracee));
                }
            }

            TraceeBank[] all = [.. banks];
            if (DebugRegisterBanks.TryProgram(all.AsSpan(), before, after, out int refusing) != BankStatus.Programmed)
            {
                int error = process.Threads[refusing].DebugRegisterError;
                Settle();
                return error == Errno.ENOSPC
                    ? Refuse(TargetStatus.NoSlot, "no debug register is free: perf events of this machine hold them")
                    : Refuse(TargetStatus.BadAddress, "the kernel refuses this address");
            }
        }

        process.Hardware = wanted;
        process.WantedDebugRegisters = after;
        if (someRun)
        {
            Settle();
        }

        return TargetStatus.Ok;
    }

    private bool HasRunning(TraceeProcess process)
    {
        foreach (Tracee tracee in process.Threads)
        {
            if (tracee.State == TraceeState.Running)
            {
                return true;
            }
        }

        return false;
    }

    private TargetStatus RefuseSlot(TraceeProcess process, SlotStatus status) => status switch
    {
        SlotStatus.Exhausted => Refuse(TargetStatus.NoSlot, $"all {HardwareBreakpoints.SlotCount} debug registers are taken by {process.Hardware.RequestCount} insertions"),
        SlotStatus.BadAccess => TargetStatus.Unsupported,
        SlotStatus.BadAddress => TargetStatus.BadAddress,
        _ => TargetStatus.BadArgument,
    };
}
