using System;
using System.Runtime.InteropServices;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Guarding;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Ptrace;

// In the guardian: undoing what a server left.
public sealed unsafe partial class PtraceSession
{
    private const long BadAddress = -14;

    /// <summary>Attaches to a process that a server that is gone had traced, takes what is its out of it, and lets it run.</summary>
    /// <param name="space">The memory of it, with the traps that were in it.</param>
    /// <param name="table">What the server wrote down.</param>
    /// <param name="owner">Which of the table's processes.</param>
    /// <param name="wasHeld">Its threads have executed nothing since.</param>
    internal void TakeBack(AddressSpace space, GuardTable table, int owner, bool wasHeld)
    {
        AssertThread();
        GuardedProcess left = table.Processes[owner];
        if (!AwaitRelease(left.Id, table.Header->Thread))
        {
            space.Dispose();
            return;
        }

        // Nobody has told which signals a debugger keeps back: all are the program's.
        _programSignals = new SignalSet(ulong.MaxValue, true);
        TraceeProcess process = AddProcess(left.Id, wasAttached: true, space);
        MarkRunning(AddThread(process, left.Id));
        SeizeThreads(process);
        AdoptRuns(process, table, owner);
        foreach (Tracee tracee in process.Threads)
        {
            // A call that the server stepped over still ends with the trap of that step.
            tracee.IsStepped = true;
            if (left.HasRegisters != 0)
            {
                // Until it can be asked: a hit may be on its way.
                tracee.HeldDebugRegisters.Control = tracee.HeldDebugRegisters.Control.Arm(0, AccessKind.Write, 1);
            }
        }

        Stop(space, null);
        foreach (Tracee tracee in process.Threads)
        {
            if (tracee.State == TraceeState.Stopped)
            {
                new TraceeBank(tracee).TakeOver();
                LeaveHandler(tracee);
                TakeBackRegisters(tracee, table, owner, wasHeld);
            }
        }

        Detach(left.Id);
    }

    // The server's thread lets all go at once; who ends now cannot be seized any more.
    private static bool AwaitRelease(int process, int server)
    {
        for (int looks = 0; !TrySeize(process); looks++)
        {
            bool isRefused = Marshal.GetLastPInvokeError() == Errno.EPERM;
            ProcessStatus status = ProcessStatus.Read(process);
            if (!isRefused || status.State is 'Z' or 'X' || (status.Tracer != server && status.Tracer != 0))
            {
                return false;
            }

            if (looks < YieldsBeforeSleep)
            {
                Libc.SchedYield();
            }
            else
            {
                Libc.Poll(null, 0, 1);
            }
        }

        return true;
    }

    private static void AdoptRuns(TraceeProcess process, GuardTable table, int owner)
    {
        GuardedProcess left = table.Processes[owner];
        if (left.SystemCallInstruction == 0)
        {
            return;
        }

        TrappedSpace traps = process.Space.NeedPageTraps();
        traps.SystemCallInstruction = left.SystemCallInstruction;
        MemoryMap map = MemoryMap.Read(process.Id);
        traps.Scratch = left.Scratch != 0 && map.TryFind(left.Scratch, out _) ? left.Scratch : 0;
        AdoptActions(process, traps, left);
        for (int i = 0; i < table.Header->RunEnd; i++)
        {
            GuardedRun run = table.Runs[i];
            if (run.Owner == owner + 1)
            {
                AdoptRun(traps, map, run);
            }
        }
    }

    // What is at its home, whatever part of the run that is; a server that ends in between has a run in the table before it has moved.
    private static void AdoptRun(TrappedSpace traps, MemoryMap map, in GuardedRun run)
    {
        ulong distance = run.Home & ~(ulong)RunTraits.All;
        foreach (Mapping mapping in map.Mappings)
        {
            ulong start = Math.Max(mapping.Start, run.Start + distance);
            ulong end = Math.Min(mapping.End, run.End + distance);
            if (start < end && !traps.Table.TryFindRun(start - distance, end - start, out _))
            {
                traps.Table.Arm(start - distance, end - distance, run.Home);
            }
        }
    }

    private static void TakeBackRegisters(Tracee tracee, GuardTable table, int owner, bool wasHeld)
    {
        for (int i = 0; i < table.Header->ThreadEnd; i++)
        {
            ref GuardedThread left = ref table.Threads[i];
            if (left.Thread != tracee.Thread)
            {
                continue;
            }

            ulong instruction = tracee.Registers.ProgramCounter;
            if (left.State == GuardedState.Replaced)
            {
                if (!wasHeld && instruction - table.Processes[owner].SystemCallInstruction > CallInstructionLength)
                {
                    // It has run since, from wherever that was.
                    continue;
                }

                Restore(tracee, left.Registers);
            }
            else if (left.State == GuardedState.Redirected && tracee.Process.Space.PageTraps is { Scratch: not 0 } traps
                && instruction - traps.Scratch < TrappedSpace.CodeLength)
            {
                TraceeRegisters registers = new(tracee);
                if (left.Step.IsDone(instruction))
                {
                    left.Step.Finish(ref registers);
                }
                else
                {
                    left.Step.Cancel(ref registers);
                }
            }
            else if (left.IsInCall != 0 && instruction == left.Call.InstructionPointer + CallInstructionLength)
            {
                TakeBackCall(tracee, left.Call);
            }
        }
    }

    // The kernel was given other addresses, or refused the program's own because nothing was there.
    private static void TakeBackCall(Tracee tracee, in GuardedCall call)
    {
        for (int i = 0; i < CallArguments.Count; i++)
        {
            tracee.Registers.TryWrite(TrappedCall.ArgumentAt(i), call.Arguments[i]);
        }

        tracee.Registers.TryRead(UserRegister.OrigRax, out ulong number);
        tracee.Registers.TryRead(UserRegister.Rax, out ulong result);
        bool wasAnswered = (long)call.Number == CallNumber.SignalAction && number == NoCall && (long)result == -Errno.ENOSYS;
        if ((long)result == BadAddress || wasAnswered)
        {
            tracee.Registers.TryWrite(UserRegister.Rax, call.Number);
            tracee.Registers.TryWrite(UserRegister.OrigRax, NoCall);
            tracee.Registers.TryWrite(UserRegister.Rip, call.InstructionPointer);
        }
        else if (number != NoCall)
        {
            tracee.Registers.TryWrite(UserRegister.OrigRax, call.Number);
            ReplaceRestart(tracee);
        }
    }
}
