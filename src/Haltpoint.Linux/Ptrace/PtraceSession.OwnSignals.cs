using Haltpoint.Linux.PageTraps;

namespace Haltpoint.Linux.Ptrace;

// Signals of faults and traps that are the program's, in a process where the kernel has actions of ours for them.
public sealed unsafe partial class PtraceSession
{
    /// <summary>Makes the kernel's action for a signal that a thread is about to get that of the program.</summary>
    /// <returns>Whether it is a handler, to be started before the thread runs on, with ours put back behind it.</returns>
    private bool TryLendAction(Tracee tracee, TrappedSpace traps, int signal)
    {
        SignalInfo? info = InfoOf(tracee, signal);
        bool isFault = info is { Code: > 0 };
        bool wasForced = isFault && (tracee.Unblocked & Bit(signal)) != 0;
        SignalAction action = traps.Actions.Of(signal);
        if (wasForced)
        {
            // A fault that is blocked is a death.
            tracee.Unblocked &= ~Bit(signal);
            ChangeMask(tracee, clear: Bit(signal), set: 0);
        }
        else if (((tracee.BlockedFaults ?? 0) & Bit(signal)) != 0)
        {
            // Blocked since it was taken: the kernel queues it again.
            return false;
        }
        else if (action.IsIgnored && !isFault)
        {
            Drop(tracee, signal);
            return false;
        }

        if (wasForced || action.IsDefault || action.IsIgnored)
        {
            traps.Actions.AreLent = TryPutAction(tracee, signal, traps.Actions.DefaultPlace);
            return false;
        }

        traps.Actions.AreLent = TryPutAction(tracee, signal, traps.Actions.PlaceOf(signal));
        return traps.Actions.AreLent;
    }

    /// <summary>The thread is in the handler, or has come to something else.</summary>
    private void TakeBackAction(Tracee tracee, TrappedSpace traps, int signal, bool isStarted)
    {
        if (isStarted)
        {
            traps.Actions.Set(tracee.Process.Space, signal, traps.Actions.Of(signal).Started);
        }

        traps.Actions.AreLent = !TryPutAction(tracee, signal, traps.Actions.OursPlace);
    }

    // Of the signal that it gets next.
    private static SignalInfo? InfoOf(Tracee tracee, int signal)
    {
        if (tracee.Signal == 0)
        {
            return tracee.Held.InfoOf(signal);
        }

        return tracee.Status.StopSignal == signal && tracee.TryGetSignalInfo(out SignalInfo info) ? info : null;
    }

    private static void Drop(Tracee tracee, int signal)
    {
        if (tracee.Signal == 0)
        {
            tracee.Held.TryTake(signal, out _);
        }

        tracee.Signal = 0;
    }
}
