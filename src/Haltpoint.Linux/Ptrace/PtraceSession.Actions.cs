using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Ptrace;

// While pages are armed, the kernel has actions of ours for the signals of faults and traps (docs/decisions/0012-the-actions-are-ours.md).
public sealed unsafe partial class PtraceSession
{
    private const ulong SignalSetLength = 8;

    /// <summary>Makes ours the actions of a process that is about to have armed pages, whose threads are stopped; those of the program are kept.</summary>
    private bool TryNeedActions(Tracee caller, TrappedSpace traps)
    {
        ProgramActions actions = traps.Actions;
        if (!actions.AreOurs && !TryBeginActions(caller, traps))
        {
            return false;
        }

        return !actions.AreLent || TryPutOurs(caller, traps);
    }

    private bool TryBeginActions(Tracee caller, TrappedSpace traps)
    {
        ProgramActions actions = traps.Actions;
        if (!TryNeedScratch(caller, traps))
        {
            return false;
        }

        actions.PlaceIn(traps.Scratch);
        AddressSpace space = caller.Process.Space;
        ReadOnlySpan<SignalAction> both = [HandlerCode.Action(traps.Scratch), default];
        if (!space.Memory.TryWrite(actions.OursPlace, MemoryMarshal.AsBytes(both))
            || !TryAskAction(caller, traps, SignalNumber.Segment, out SignalAction segment)
            || !TryAskAction(caller, traps, SignalNumber.Trap, out SignalAction trap))
        {
            return false;
        }

        actions.Begin(caller.Process.Id, segment, trap);
        actions.Set(space, SignalNumber.Segment, segment);
        actions.Set(space, SignalNumber.Trap, trap);
        LearnMasks(space);
        if (TryPutOurs(caller, traps))
        {
            return true;
        }

        TryReturnActions(caller, traps);
        return false;
    }

    private bool TryAskAction(Tracee caller, TrappedSpace traps, int signal, out SignalAction action)
    {
        action = default;
        ulong place = traps.Actions.AskedPlace;
        return TryCall(caller, CallNumber.SignalAction, out long result, (ulong)signal, 0, place, SignalSetLength) && result == 0
            && caller.Process.Space.Memory.Read(place, MemoryMarshal.AsBytes(new Span<SignalAction>(ref action))) == SignalAction.Length;
    }

    private bool TryPutOurs(Tracee caller, TrappedSpace traps)
    {
        traps.Actions.AreLent = !TryPutAction(caller, SignalNumber.Segment, traps.Actions.OursPlace)
            || !TryPutAction(caller, SignalNumber.Trap, traps.Actions.OursPlace);
        caller.Process.IgnoresTraps &= traps.Actions.AreLent;
        return !traps.Actions.AreLent;
    }

    private bool TryPutAction(Tracee caller, int signal, ulong place) =>
        TryCall(caller, CallNumber.SignalAction, out long result, (ulong)signal, place, 0, SignalSetLength) && result == 0;

    /// <summary>Gives a process the actions of its program: a child that has a copy of its parent's, or the owner itself.</summary>
    private bool PutActionsOfProgram(Tracee caller, TrappedSpace traps)
    {
        if (!traps.Actions.AreOurs)
        {
            return true;
        }

        caller.Process.IgnoresTraps = traps.Actions.Of(SignalNumber.Trap).IsIgnored;
        return TryPutAction(caller, SignalNumber.Segment, traps.Actions.PlaceOf(SignalNumber.Segment))
            && TryPutAction(caller, SignalNumber.Trap, traps.Actions.PlaceOf(SignalNumber.Trap));
    }

    /// <summary>Nothing is armed any more: the program has its own actions again.</summary>
    /// <returns>False when they are still ours.</returns>
    private bool TryReturnActions(Tracee caller, TrappedSpace traps)
    {
        ProgramActions actions = traps.Actions;
        if (!actions.AreOurs)
        {
            return true;
        }

        if (FindProcess(actions.Process) is { } process)
        {
            Tracee? own = actions.StandIn(caller) ? caller : process.Threads.Find(t => t.State == TraceeState.Stopped && !t.IsInVfork && actions.StandIn(t));
            if (own is null || !PutActionsOfProgram(own, traps))
            {
                return false;
            }
        }

        ForgetActions(caller.Process.Space, traps);
        return true;
    }

    // Of a process that is gone, or another program.
    private static void ForgetActions(TraceeProcess process)
    {
        if (process.Space.PageTraps is { } traps && traps.Actions.Process == process.Id)
        {
            ForgetActions(process.Space, traps);
        }
    }

    private static void ForgetActions(AddressSpace space, TrappedSpace traps)
    {
        traps.Actions.End();
        traps.Actions.Note(space);
    }

    /// <summary>At the entry of a call that executes a program: what the program ignores, the next one has to ignore too.</summary>
    /// <returns>False when the thread is before its call again, which it makes when it runs on.</returns>
    private bool TryEnterExecute(Tracee tracee, in CallRequest request)
    {
        if (request.Number is not ((int)CallNumber.Execute or (int)CallNumber.ExecuteAt) || tracee.Process.Space.PageTraps is not { } traps
            || !traps.Actions.StandIn(tracee) || traps.Actions.AreLent
            || !(traps.Actions.Of(SignalNumber.Segment).IsIgnored || traps.Actions.Of(SignalNumber.Trap).IsIgnored))
        {
            return true;
        }

        traps.Actions.AreLent = PutActionsOfProgram(tracee, traps);
        return false;
    }

    /// <summary>At the exit of any call, before the registers are the program's again.</summary>
    private static void FollowExit(Tracee tracee)
    {
        if (tracee.Process.Space.PageTraps is { Actions.AreOurs: true } traps && tracee.Registers.TryRead(UserRegister.OrigRax, out ulong number))
        {
            FollowSignalCall(tracee, number);

            // One that executes a program comes here when it could not.
            tracee.MustArmAgain |= (long)number is CallNumber.Execute or CallNumber.ExecuteAt && traps.Actions.AreLent;
        }
    }
}
