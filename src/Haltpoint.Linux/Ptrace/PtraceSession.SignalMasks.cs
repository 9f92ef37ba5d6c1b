using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Ptrace;

// Threads that block the signals of faults and traps. The kernel delivers those all the same; for that it unblocks the signal, and makes
// its action the default one (sigprocmask(2), NOTES). To the program neither must have happened.
public sealed unsafe partial class PtraceSession
{
    private const ulong SegmentBit = 1ul << (SignalNumber.Segment - 1);
    private const ulong TrapBit = 1ul << (SignalNumber.Trap - 1);

    /// <summary>As <see cref="StepToEnd"/>. A thread that blocks signals that may end the step has them unblocked meanwhile.</summary>
    private StepEnd StepAlone(Tracee tracee, long request = TraceRequest.SingleStep, long patience = Unlimited)
    {
        if (request != TraceRequest.SingleStep)
        {
            return StepToEnd(tracee, request, patience);
        }

        if (tracee.BlockedFaults is null)
        {
            LearnMask(tracee);
        }

        ulong blocked = tracee.BlockedFaults ?? 0;
        if (blocked == 0)
        {
            return StepToEnd(tracee);
        }

        ChangeMask(tracee, clear: blocked, set: 0);
        StepEnd end = StepToEnd(tracee);
        if (end != StepEnd.Gone)
        {
            ChangeMask(tracee, clear: 0, set: blocked);
        }

        return end;
    }

    private static bool TryGetMask(Tracee tracee, out ulong mask)
    {
        ulong got = 0;
        bool isKnown = tracee.Ask(TraceRequest.GetSignalMask, SignalSetLength, &got);
        mask = got;
        return isKnown;
    }

    private static void SetMask(Tracee tracee, ulong mask) => tracee.Ask(TraceRequest.SetSignalMask, SignalSetLength, &mask);

    private static void LearnMask(Tracee tracee)
    {
        if (TryGetMask(tracee, out ulong mask))
        {
            tracee.BlockedFaults = mask & (SegmentBit | TrapBit);
        }
    }

    /// <summary>From here on the masks of all threads of a memory, which are stopped, are followed.</summary>
    private void LearnMasks(AddressSpace space)
    {
        foreach (Tracee tracee in _tracees.Values)
        {
            if (tracee.Process.Space == space && tracee.State == TraceeState.Stopped)
            {
                LearnMask(tracee);
            }
        }
    }

    private static void ChangeMask(Tracee tracee, ulong clear, ulong set)
    {
        if (TryGetMask(tracee, out ulong mask))
        {
            SetMask(tracee, (mask & ~clear) | set);
        }
    }

    private static bool IsMaskCall(ulong number) => (long)number is CallNumber.SignalMask or CallNumber.SignalReturn;

    /// <summary>A call has ended that may have changed what is known of signals.</summary>
    private static void FollowSignalCall(Tracee tracee, ulong number)
    {
        if (tracee.Process.Space.PageTraps is not { Actions.AreOurs: true } traps)
        {
            return;
        }

        // The return from a handler leaves no number.
        if (IsMaskCall(number) || number == NoCall)
        {
            LearnMask(tracee);
        }
        else if ((long)number == CallNumber.SignalAction && traps.Actions.StandIn(tracee)
            && tracee.Registers.TryRead(UserRegister.Rdi, out ulong signal))
        {
            traps.Actions.ForgetMask((int)signal);
        }
    }

    /// <summary>A thread is about to start the program's handler of a signal, which then blocks what it blocks.</summary>
    private void NoteHandlerMask(Tracee tracee, TrappedSpace traps, int signal)
    {
        ulong mask = 0;
        if (traps.Actions.StandIn(tracee) && !traps.Actions.TryFindMask(signal, out mask)
            && TryAskAction(tracee, traps, signal, out SignalAction action))
        {
            mask = action.Mask;
            traps.Actions.KeepMask(signal, mask);
        }

        tracee.HandlerMask = mask & (SegmentBit | TrapBit);
    }

    /// <summary>The thread runs on, perhaps into a handler. Where calls are not seen, its mask is not known any more.</summary>
    private static void FollowMask(Tracee tracee, int signal)
    {
        tracee.BlockedFaults = tracee.Process.Space.PageTraps is not { Actions.AreOurs: true } ? null
            : signal != 0 ? tracee.BlockedFaults | tracee.HandlerMask : tracee.BlockedFaults;
        tracee.HandlerMask = 0;
    }

    /// <summary>Notes that the kernel has unblocked the signal of a fault or trap.</summary>
    /// <returns>
    /// Whether that shows in a signal that somebody has sent: it was waiting, so the kernel made no other for the fault. It is held until
    /// the program lets it come; with it in the kernel's queue each fault would end so.
    /// </returns>
    private static bool IsUnblocking(Tracee tracee, int signal)
    {
        if (!ProgramActions.IsAbout(signal) || ((tracee.BlockedFaults ?? 0) & Bit(signal)) == 0 || !tracee.TryGetSignalInfo(out SignalInfo info)
            || !TryGetMask(tracee, out ulong mask) || (mask & Bit(signal)) != 0)
        {
            return false;
        }

        tracee.Unblocked |= Bit(signal);
        if (info.Code > 0)
        {
            return false;
        }

        Hold(tracee, signal, info);
        return true;
    }

    /// <summary>Blocks again what the kernel has unblocked for a fault or trap that is not the program's.</summary>
    private void TakeBackUnblocking(Tracee tracee)
    {
        ulong unblocked = tracee.Unblocked;
        tracee.Unblocked = 0;
        ChangeMask(tracee, clear: 0, set: unblocked);
        if (tracee.Process.Space.PageTraps is { } traps && traps.Actions.StandIn(tracee))
        {
            TryPutOurs(tracee, traps);
        }
    }

    private static ulong Bit(int signal) => 1ul << (signal - 1);
}
