using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Procfs;

namespace Haltpoint.Linux.Ptrace;

// Executing what is under a trap.
public sealed unsafe partial class PtraceSession
{
    /// <summary>Lets a thread execute the instruction under the trap at its program counter, every other thread of that memory held.</summary>
    /// <remarks>
    /// While the trap is out of memory another thread could pass without hitting it: hence none runs. A thread that waits in the
    /// system call under the trap may wait for one of those held; its instruction is fetched, so the trap goes back and all run.
    /// </remarks>
    private void StepOver(Tracee tracee)
    {
        AddressSpace space = tracee.Process.Space;
        ulong address = tracee.Registers.ProgramCounter;
        tracee.NeedsStepOver = false;
        if (space.StateAt(address) != TrapState.Planted)
        {
            return;
        }

        Stop(space, tracee);
        if (!CanRun(tracee) || (!IsNonStop && HasNews))
        {
            tracee.NeedsStepOver = true;
            return;
        }

        if (!space.TryLift(address))
        {
            // The memory is gone, and with it the instruction: the thread finds out.
            return;
        }

        if (tracee.Signal != 0)
        {
            // A handler would run in place of the instruction, with the trap out of memory.
            HoldSignal(tracee);
        }

        // The process may end or become another program meanwhile; the table has to outlive that.
        space.Share();
        tracee.IsSteppingOver = true;
        bool isCall = space.PageTraps is { IsActive: true } && IsCallNext(tracee, signal: 0);
        Start(tracee, isCall ? TraceRequest.SystemCall : TraceRequest.SingleStep, 0);
        AwaitStep(tracee);
        if (CanRun(tracee) && tracee.HasPageFault)
        {
            MakeAccess(tracee);
        }

        tracee.IsSteppingOver = false;
        space.TryPlant(address);
        space.Dispose();
        if (CanRun(tracee) && tracee.Registers.ProgramCounter == address && tracee.Process.Space == space)
        {
            // A signal came first, or the instruction jumps to itself.
            tracee.NeedsStepOver = true;
        }
    }

    private void AwaitStep(Tracee tracee)
    {
        for (int looks = 0; tracee.State == TraceeState.Running; looks++)
        {
            if (TryReap(tracee.Thread, out int thread, out WaitStatus status))
            {
                Absorb(thread, status);
            }
            else if (thread < 0)
            {
                RemoveThread(tracee);
            }
            else if (looks < YieldsBeforeSleep)
            {
                Libc.SchedYield();
            }
            else if (ThreadStat.IsInSystemCall(tracee.Thread))
            {
                return;
            }
            else
            {
                Libc.Poll(null, 0, 1);
            }
        }
    }
}
