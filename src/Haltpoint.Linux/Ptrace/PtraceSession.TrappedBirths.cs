using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Watchpoints;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.Ptrace;

// New processes of one that has page traps.
public sealed unsafe partial class PtraceSession
{
    /// <summary>Makes a forked child, stopped before its first instruction, what it would have been: its copy has the pages at their homes.</summary>
    private void RestoreCopy(Tracee child, TrappedSpace traps)
    {
        for (int i = 0; i < traps.Table.RunCount; i++)
        {
            TrappedRun run = traps.Table.RunAt(i);
            if (!run.IsOpen && !TryMoveBack(child, run.Start, run.End, run.Distance()))
            {
                // Memory that a child does not get (madvise(2), MADV_DONTFORK): only our placeholder is there.
                TryCall(child, CallNumber.Munmap, out _, run.Start, run.End - run.Start);
            }
        }

        PutActionsOfProgram(child, traps);
        if (traps.Scratch != 0)
        {
            TryCall(child, CallNumber.Munmap, out _, traps.Scratch, TrappedSpace.CodeLength + TrappedSpace.DataLength);
        }
    }

    /// <summary>As <see cref="RestoreCopy"/> for a child that is let go, of which there is nothing but its number.</summary>
    private void RestoreReleased(int child, AddressSpace space, TrappedCall? call)
    {
        if (space.PageTraps is { } traps)
        {
            Tracee stranger = Stranger(child, space);
            call?.Undo(stranger);
            RestoreCopy(stranger, traps);
            stranger.Registers.TryFlush();
        }
    }

    // A thread that the session does not know, for as long as it is made to execute something.
    private static Tracee Stranger(int thread, AddressSpace space)
    {
        TraceeProcess process = new(thread, wasAttached: false, space, new WatchpointNumbers());
        Tracee tracee = new(thread, process) { State = TraceeState.Stopped, Status = WaitStatus.FirstStop };
        process.Add(tracee);
        return tracee;
    }

    /// <summary>Lets a vfork child go that runs in its parent's memory without us: every page is back for as long as that takes.</summary>
    /// <remarks>Accesses of the others are not seen meanwhile.</remarks>
    private void ReleaseVforkChild(Tracee parent)
    {
        AddressSpace space = parent.Process.Space;
        Stop(space, parent);
        if (parent.State != TraceeState.Stopped)
        {
            return;
        }

        Tracee child = Stranger(parent.VforkChild, space);
        parent.VforkChild = 0;
        parent.Call?.Undo(child);
        PutActionsOfProgram(child, space.PageTraps!);
        OpenAll(child, space.PageTraps!);
        child.Registers.TryFlush();
        space.LiftAll();
        child.Ask(TraceRequest.Detach, 0, null);
    }

    /// <summary>The vfork child has memory of its own now, or none; or something was mapped where a probe waits for it.</summary>
    private void ArmAgain(Tracee parent)
    {
        AddressSpace space = parent.Process.Space;
        parent.MustArmAgain = false;
        Stop(space, parent);
        if (parent.State == TraceeState.Stopped && parent.Process.Space == space && space.PageTraps is { } traps)
        {
            ArmAgain(parent.Process, traps);
            if (traps.IsArmed && parent.State == TraceeState.Stopped)
            {
                TryNeedActions(parent, traps);
            }

            if (!traps.IsActive)
            {
                DisarmUnneeded(space);
            }
        }
    }
}
