using System;
using System.Collections.Generic;
using System.Diagnostics;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Registers;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.Ptrace;

// System calls of a process with armed pages: the kernel finds nothing where the program knows them, and must not notice.
public sealed unsafe partial class PtraceSession
{
    private const int CallInstructionLength = 2;

    // Of what a program can map, whatever the depth of the page tables.
    private const ulong AddressEnd = 1ul << 56;
    private const long RestartBlock = -516;

    /// <summary>At the exit stop, before anybody sees the thread: its registers become the program's again.</summary>
    private void OnCallExit(Tracee tracee)
    {
        FollowExit(tracee);
        tracee.MustArmAgain |= MapsWhatIsMissing(tracee);
        if (tracee.Call is not { IsUnderWay: true } call || call.Space != tracee.Process.Space || call.Space.PageTraps is not { } traps)
        {
            tracee.Call?.Drop();
            return;
        }

        CallEnd end = call.End();
        call.MustOpen = end == CallEnd.RetryOpened;
        if (call.MustOpen)
        {
            MakeCallAgain(tracee, call);
            return;
        }

        // A call that is suspended may never be gone on with: what it has touched so far is told now, the rest when there is any.
        if (end is CallEnd.Done or CallEnd.Suspended)
        {
            TellCall(tracee, traps, call);
        }
    }

    // The exit of a call that made memory where a probe has none.
    private static bool MapsWhatIsMissing(Tracee tracee)
    {
        if (tracee.Process.Space.PageTraps is not { } traps || !tracee.Registers.TryRead(UserRegister.OrigRax, out ulong number)
            || (long)number is not (CallNumber.Mmap or CallNumber.Mremap or CallNumber.Brk or CallNumber.Shmat)
            || !tracee.Registers.TryRead(UserRegister.Rax, out ulong result) || IsError((long)result)
            || !tracee.Registers.TryRead((long)number == CallNumber.Mremap ? UserRegister.Rdx : UserRegister.Rsi, out ulong length))
        {
            return false;
        }

        bool isBreak = (long)number == CallNumber.Brk;
        return traps.Table.TryFindMissing(isBreak ? 0 : result, out ulong start, out _)
            && start < (isBreak ? result : result + Math.Max(length, (ulong)Environment.SystemPageSize));
    }

    /// <summary>At the entry stop, when the thread is about to run on.</summary>
    private void EnterCall(Tracee tracee)
    {
        AddressSpace space = tracee.Process.Space;
        if (!tracee.Registers.TryRead(UserRegister.OrigRax, out ulong number) || number == NoCall)
        {
            return;
        }

        if (tracee.Call is null || tracee.Call.Space != space)
        {
            tracee.Call = new TrappedCall(tracee);
        }

        CallAction action = tracee.Call.Decide();
        if (!TryEnterExecute(tracee, tracee.Call.Plan.Request))
        {
            return;
        }

        KeepCall(tracee, tracee.Call.Plan.Request, tracee.Call.InstructionPointer);
        switch (action)
        {
            case CallAction.Open:
                MakeCallOpened(tracee, tracee.Call);
                break;
            case CallAction.Release:
                ReleaseKept(tracee, tracee.Call);
                break;
        }
    }

    /// <summary>Makes the call with every page back where the program knows it and all other threads held; then arms what is left.</summary>
    /// <remarks>It may wait for one of those held: then it is broken off, and tried again when they have run.</remarks>
    private void MakeCallOpened(Tracee tracee, TrappedCall call)
    {
        long began = Stopwatch.GetTimestamp();
        AddressSpace space = tracee.Process.Space;
        Stop(space, tracee);
        if (!CanRun(tracee) || (!IsNonStop && HasNews) || !TryFindCaller(space, out _) || !TryLeaveCall(tracee))
        {
            return;
        }

        TrappedSpace traps = space.PageTraps!;
        space.Share();
        OpenAll(tracee, traps);
        call.MustOpen = false;
        call.Begin();
        StepEnd end = StepAlone(tracee, TraceRequest.SystemCall, PatienceFor(call));
        if (tracee.State == TraceeState.Stopped && tracee.Process.Space == space)
        {
            if (end == StepEnd.Done)
            {
                // First: what the kernel goes on with by itself is known then, and is not taken for a call with addresses of nothing.
                call.End();
                FollowSignalCall(tracee, (ulong)call.Plan.Request.Number);
            }

            ArmAgain(tracee.Process, traps);
            if (end == StepEnd.Done)
            {
                TellCall(tracee, traps, call);
                NoteOpened(tracee);
                FinishOpened(tracee, call, began);
            }
        }

        space.Dispose();
    }

    private void FinishOpened(Tracee tracee, TrappedCall call, long began)
    {
        if (!call.Plan.IsRestarting)
        {
            call.Attempts = 0;
            OnInstructionDone(tracee, wasEmulated: true);
            return;
        }

        if (tracee.Process.Space.StateAt(call.InstructionPointer) == TrapState.Planted)
        {
            // That trap was hit and told when the program came to the call.
            MakeCallAgain(tracee, call);
            tracee.NeedsStepOver = true;
        }

        AwaitTurn(tracee, call, began);
    }

    private void OpenAll(Tracee caller, TrappedSpace traps)
    {
        for (int i = 0; i < traps.Table.RunCount; i++)
        {
            TrappedRun run = traps.Table.RunAt(i);
            if (!run.IsOpen && TryMoveBack(caller, run.Start, run.End, run.Distance()))
            {
                traps.Table.SetOpen(run.Start, true);
            }
        }
    }

    /// <summary>After pages were opened and the program may have changed what is mapped: what probes need and is there is armed.</summary>
    private void ArmAgain(TraceeProcess process, TrappedSpace traps)
    {
        for (int i = traps.Table.RunCount - 1; i >= 0; i--)
        {
            TrappedRun run = traps.Table.RunAt(i);
            if (run.IsOpen)
            {
                traps.Table.Disarm(run.Start, run.End);
            }
        }

        process.Space.Guard?.SetRuns(traps.Table);
        if (TryFindCaller(process.Space, out Tracee? caller))
        {
            TryArmMissing(process, caller, 0, AddressEnd, []);
        }
    }

    /// <summary>Whether the thread is in a system call that goes on, or makes one next: a step would not show where it begins.</summary>
    /// <param name="tracee">Stopped.</param>
    /// <param name="signal">Delivered first: a handler comes before the call.</param>
    private static bool IsCallNext(Tracee tracee, int signal)
    {
        if (signal != 0 && SignalMasks.Read(tracee.Thread).Catches(signal))
        {
            return false;
        }

        Span<byte> next = stackalloc byte[CallInstructionLength];
        return tracee.IsAtCall || IsBegunAgain(tracee)
            || (tracee.Process.Space.Read(tracee.Registers.ProgramCounter, next) == CallInstructionLength && next is [0x0F, 0x05]);
    }

    // The kernel goes back to the instruction of the call only when the thread runs on.
    private static bool IsBegunAgain(Tracee tracee) =>
        tracee.Registers.TryRead(UserRegister.OrigRax, out ulong number) && (int)number >= 0
        && tracee.Registers.TryRead(UserRegister.Rax, out ulong result) && CallPlan.IsRestart((long)result);

    private static void MakeCallAgain(Tracee tracee, TrappedCall call)
    {
        tracee.Registers.TryWrite(UserRegister.Rax, (ulong)call.Plan.Request.Number);
        tracee.Registers.TryWrite(UserRegister.OrigRax, NoCall);
        tracee.Registers.TryWrite(UserRegister.Rip, call.InstructionPointer);
    }

    /// <summary>Threads whose call the kernel would go on with by itself make it anew: it holds addresses that are about to be empty.</summary>
    private void RestartSuspended(AddressSpace space)
    {
        foreach (Tracee tracee in _tracees.Values)
        {
            if (tracee.Process.Space == space && tracee.Call is { HoldsHomes: true } call)
            {
                call.Drop();
                ReplaceRestart(tracee);
            }
        }
    }

    /// <summary>Threads that were stopped inside a call while nothing was armed: those that it goes on with use addresses that are about to be empty.</summary>
    private void RestartBlocked(AddressSpace space, ulong start, ulong end)
    {
        foreach (Tracee tracee in _tracees.Values)
        {
            if (tracee.Process.Space != space || tracee.State != TraceeState.Stopped || tracee.Call is { IsSuspended: true }
                || !tracee.Registers.TryRead(UserRegister.Rax, out ulong result) || (long)result != RestartBlock)
            {
                continue;
            }

            for (int i = 0; i < CallArguments.Count; i++)
            {
                if (tracee.Registers.TryRead(TrappedCall.ArgumentAt(i), out ulong argument) && argument >= start && argument < end)
                {
                    ReplaceRestart(tracee);
                }
            }
        }
    }

    private static void ReplaceRestart(Tracee tracee)
    {
        if (tracee.Registers.TryRead(UserRegister.Rax, out ulong result) && (long)result == RestartBlock)
        {
            tracee.Registers.TryWrite(UserRegister.Rax, unchecked((ulong)CallPlan.RestartFromEntry));
        }
    }

    /// <summary>The kernel is about to keep an address for later: the page it is in cannot be trapped from now on.</summary>
    private void ReleaseKept(Tracee tracee, TrappedCall call)
    {
        AddressSpace space = tracee.Process.Space;
        TrappedSpace traps = space.PageTraps!;
        Stop(space, tracee);
        if (!CanRun(tracee) || (!IsNonStop && HasNews) || !TryFindCaller(space, out _))
        {
            return;
        }

        ulong start = PageOf(call.Plan.Kept.Address);
        ulong end = PageAfter(call.Plan.Kept.Address + Math.Max(call.Plan.Kept.Length, 1) - 1);
        string reason = PageRefusal.Kept(call.Plan.Call?.Name ?? "a system call", call.Plan.Kept.Address);
        traps.Kept.Add(new SkippedPages(start, end, reason));
        foreach (PageProbe probe in new List<PageProbe>(traps.Probes.Values))
        {
            if (probe.Wants(start, end, AccessKind.ReadWrite))
            {
                Release(traps, probe, new SkippedPages(start, end, reason));
            }
        }

        // The thread is before its call again, and makes it when it runs on.
        if (TryLeaveCall(tracee))
        {
            OpenAll(tracee, traps);
            ArmAgain(tracee.Process, traps);
        }
    }

    private static void Release(TrappedSpace traps, PageProbe probe, in SkippedPages pages)
    {
        if (probe.AllowsSkips)
        {
            probe.Skipped = [.. probe.Skipped, pages];
            return;
        }

        Forget(traps, probe);
        probe.Sink.OnWithdrawn(probe, pages.Reason);
    }

    private static void TellCall(Tracee tracee, TrappedSpace traps, TrappedCall call)
    {
        foreach (CallAccess access in call.Plan.Accesses)
        {
            int length = (int)Math.Min(access.Length, int.MaxValue);
            byte[] after = length <= 1 << 20 && !IsDevice(traps, access) ? new byte[length] : [];
            after = after[..call.Space.Read(access.Address, after)];
            Tell(tracee, traps, new TrappedAccess
            {
                Thread = tracee.Id,
                Statistics = tracee.Statistics,
                Time = Stopwatch.GetTimestamp(),
                Address = access.Address,
                Length = length,
                Kind = access.IsWrite ? AccessKind.Write : AccessKind.Read,
                Before = access.IsWrite ? call.BeforeAt(access.Address, access.Length) : after,
                After = after,
                InstructionPointer = call.InstructionPointer,
                SystemCall = call.Plan.Request.Number,
                IsExact = false,
            });
        }
    }

    private static bool IsDevice(TrappedSpace traps, in CallAccess access) =>
        traps.Table.TryFindRun(access.Address, access.Length, out TrappedRun run) && run.Has(RunTraits.Device);
}
