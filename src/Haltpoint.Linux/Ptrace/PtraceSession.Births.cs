using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Procfs;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// New threads, new processes, new programs.
public sealed unsafe partial class PtraceSession
{
    // Of the process that was gone last: a child it could not announce has a copy of this memory, traps included.
    private AddressSpace? _departedSpace;

    private void OnBirth(Tracee parent, TraceEvent what)
    {
        if (!parent.TryGetMessage(out ulong message))
        {
            return;
        }

        int child = (int)message;
        WaitStatus first = Claim(child);
        if (!first.IsStopped || TryLetEnd(child, first))
        {
            return;
        }

        // Also one without CLONE_THREAD, which has a thread group of its own: the protocol has no event for a process that came by
        // clone, and clients expect a thread of its maker.
        if (what == TraceEvent.Clone)
        {
            OnThreadBorn(parent, child, first);
        }
        else
        {
            OnProcessBorn(parent, child, first, what);
        }
    }

    private void OnThreadBorn(Tracee parent, int child, WaitStatus first)
    {
        if (Libc.HasOtherMemory(parent.Thread, child) && ProcessMemory.Open(child) is { } copy)
        {
            // Without CLONE_VM it took our traps along in a copy that nobody would clean.
            parent.Process.Space.EraseFrom(copy);
            copy.Dispose();
            RestoreReleased(child, parent.Process.Space, null);
        }

        Tracee tracee = AddThread(parent.Process, child);
        SetState(tracee, TraceeState.Stopped);
        tracee.Status = first;
        parent.Call?.Undo(tracee);
        if (parent.Process.Space.PageTraps is { Actions.AreOurs: true } traps)
        {
            LearnMask(tracee);
            tracee.HasOwnActions = parent.HasOwnActions;
            if (!parent.HasOwnActions && Libc.HasOtherActions(parent.Thread, child))
            {
                tracee.HasOwnActions = true;
                PutActionsOfProgram(tracee, traps);
            }
        }

        tracee.IsInGroupStop = first.StopSignal != SignalNumber.Trap;
        tracee.IsResumed = parent.IsResumed;
        tracee.Action = ResumeKind.Continue;
        if (_reportsThreads)
        {
            tracee.Report(StopKind.ThreadCreated, 0);
            AddPending(tracee);
        }
        else
        {
            _quiet.Add(tracee);
        }
    }

    private void OnProcessBorn(Tracee parent, int child, WaitStatus first, TraceEvent what)
    {
        bool isVfork = what == TraceEvent.Vfork;
        parent.IsInVfork = isVfork;
        AddressSpace space = parent.Process.Space;
        ProcessMemory? memory = ProcessMemory.Open(child);
        if (!(isVfork ? _reportsVforks : _reportsForks) || memory is null)
        {
            if (isVfork && space.PageTraps is { } trapped && (trapped.IsArmed || trapped.Actions.AreOurs))
            {
                // Others may still run: Settle does it.
                memory?.Dispose();
                parent.VforkChild = child;
                return;
            }

            ReleaseChild(child, space, memory, isVfork, parent.Call);
            return;
        }

        if (isVfork)
        {
            memory.Dispose();
        }

        TraceeProcess process = AddProcess(child, parent.Process.WasAttached, isVfork ? space.Share() : space.CopyFor(memory));
        Tracee tracee = AddThread(process, child);
        process.Hardware = parent.Process.Hardware;
        process.Watchpoints.CopyFrom(parent.Process.Watchpoints);
        process.WantedDebugRegisters = parent.Process.WantedDebugRegisters;
        process.CaughtSyscalls = parent.Process.CaughtSyscalls;
        if (space.Guard is not null && NeedGuard(process) is { } guard)
        {
            guard.Process.HasRegisters = 1;
        }

        SetState(tracee, TraceeState.Stopped);
        tracee.Status = first;
        tracee.IsUntold = true;
        parent.Call?.Undo(tracee);
        if (!isVfork && space.PageTraps is { } traps)
        {
            process.Space.NeedPageTraps().SystemCallInstruction = traps.SystemCallInstruction;
            RestoreCopy(tracee, traps);
        }

        if (isVfork && space.PageTraps is { } shared)
        {
            LearnMask(tracee);
            PutActionsOfProgram(tracee, shared);
        }

        parent.Report(new StopEvent { Kind = isVfork ? StopKind.Vforked : StopKind.Forked, Signal = SignalNumber.Trap, Child = tracee.Id });
    }

    /// <summary>Lets a child go that nobody asked for: it must not find our traps, which would kill it.</summary>
    private void ReleaseChild(int child, AddressSpace space, ProcessMemory? memory, bool isVfork, TrappedCall? call)
    {
        if (isVfork)
        {
            // It runs in its parent's memory until it executes a program; the parent waits for that in the kernel.
            space.LiftAll();
        }
        else if (memory is not null)
        {
            space.EraseFrom(memory);
            RestoreReleased(child, space, call);
        }

        memory?.Dispose();
        Libc.Ptrace(TraceRequest.Detach, child, 0, null);
    }

    private Tracee? UntoldChildOf(Tracee parent) =>
        parent.HasPending && parent.Pending.Kind is StopKind.Forked or StopKind.Vforked
            && _tracees.TryGetValue(parent.Pending.Child.Thread, out Tracee? child) && child.IsUntold ? child : null;

    /// <summary>Nobody will tell of this fork any more: its child goes its own way, as it would have without us.</summary>
    private void ReleaseUntold(Tracee child)
    {
        TraceeProcess process = child.Process;
        Disarm(process);
        if (child.State == TraceeState.Stopped)
        {
            LetGo(child);
        }

        RemoveProcess(process);
    }

    /// <summary>The child ended before the debugger was told of it: there is nothing to tell.</summary>
    private void ForgetBirth(ThreadId child)
    {
        Tracee? parent = _pending.Find(p => p.Pending.Kind is StopKind.Forked or StopKind.Vforked && p.Pending.Child.Is(child));
        if (parent is not null)
        {
            RemovePending(parent);
            _quiet.Add(parent);
        }
    }

    private void OnVforkDone(Tracee parent)
    {
        parent.IsInVfork = false;
        parent.MustArmAgain = parent.Process.Space.PageTraps is { } traps && (traps.IsArmed || traps.Actions.AreOurs);
        parent.Process.Space.PlantAll();
        if (_reportsVforks)
        {
            parent.Report(StopKind.VforkDone, SignalNumber.Trap);
        }
    }

    /// <summary>The process is another program now: one thread is left, it has the first thread's id whoever it was before, and nothing of ours is in its memory.</summary>
    private Tracee OnExec(Tracee tracee)
    {
        TraceeProcess process = tracee.Process;
        bool isResumed = tracee.IsResumed;
        if (tracee.TryGetMessage(out ulong former) && (int)former != tracee.Thread && _tracees.TryGetValue((int)former, out Tracee? executing))
        {
            isResumed = executing.IsResumed;
        }

        for (int i = process.Threads.Count - 1; i >= 0; i--)
        {
            if (process.Threads[i] != tracee)
            {
                RemoveThread(process.Threads[i]);
            }
        }

        tracee.Registers.Invalidate();
        tracee.HeldDebugRegisters = default;
        tracee.IsResumed = isResumed;
        tracee.Action = ResumeKind.Continue;
        tracee.NeedsStepOver = false;
        tracee.IsInVfork = false;
        tracee.IsInGroupStop = false;
        process.Hardware = default;
        process.WantedDebugRegisters = default;
        process.HardwareActions.Clear();
        process.Watchpoints.Clear();
        process.ForgetProgram();
        ForgetActions(process);
        if (ProcessMemory.Open(tracee.Thread) is { } memory)
        {
            process.Space.Dispose();
            process.Space = new AddressSpace(memory);
        }

        tracee.Report(_reportsExecs ? StopKind.Executed : StopKind.Signal, SignalNumber.Trap);
        return tracee;
    }

    /// <summary>A first stop that nobody announced: kept for the parent to claim, or, when the parent was killed over it, let go.</summary>
    private void OnUnknown(int child, WaitStatus first)
    {
        if (TryLetEnd(child, first))
        {
            _unclaimed.Remove(child);
            return;
        }

        ProcessStatus status = ProcessStatus.Read(child);
        bool isOrphan = status.Process == child && FindProcess(status.Parent) is null;
        if (isOrphan && _departedSpace is { } space)
        {
            ReleaseChild(child, space, ProcessMemory.Open(child), isVfork: false, call: null);
        }
        else
        {
            _unclaimed[child] = first;
        }
    }

    // Killed before it ran, and on its way out: its process ends only when everybody's last stop has been taken.
    private static bool TryLetEnd(int child, WaitStatus status) =>
        status.Event == TraceEvent.Exit && Libc.Ptrace(TraceRequest.Continue, child, 0, null) == 0;

    /// <summary>A process is gone: its children whose birth it can no longer tell are let go.</summary>
    private void ReleaseOrphans(AddressSpace space)
    {
        _departedSpace?.Dispose();
        _departedSpace = space;
        foreach ((int child, WaitStatus first) in new Dictionary<int, WaitStatus>(_unclaimed))
        {
            _unclaimed.Remove(child);
            OnUnknown(child, first);
        }
    }

    /// <summary>The first stop of a thread or process whose birth was just told; it is there or about to come.</summary>
    private WaitStatus Claim(int thread)
    {
        if (_unclaimed.Remove(thread, out WaitStatus status))
        {
            return status;
        }

        int word;
        while (Libc.Wait4(thread, &word, Libc.WaitOwnTracees, null) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return new WaitStatus(SignalNumber.Kill);
            }
        }

        return new WaitStatus(word);
    }

    /// <summary>Makes a stopped process, so far known to the kernel only, one of ours.</summary>
    private bool TryTakeOver(int id, TraceOptions options, bool wasAttached, [NotNullWhen(true)] out Tracee? first)
    {
        first = null;
        if (Libc.Ptrace(TraceRequest.SetOptions, id, 0, (void*)(ulong)(TraceOptions.Always | options)) != 0
            || ProcessMemory.Open(id) is not { } memory)
        {
            return false;
        }

        first = AddThread(AddProcess(id, wasAttached, new AddressSpace(memory)), id);
        SetState(first, TraceeState.Stopped);
        return true;
    }
}
