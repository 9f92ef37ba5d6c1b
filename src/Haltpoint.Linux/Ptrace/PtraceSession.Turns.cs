using System;
using System.Collections.Generic;
using System.Diagnostics;
using Haltpoint.Linux.PageTraps;

namespace Haltpoint.Linux.Ptrace;

// Calls that wait, perhaps for another thread, and can be made only with all others held: they are tried in turns with what the others do.
public sealed partial class PtraceSession
{
    private const long Unlimited = long.MaxValue;
    private const int MostDoublings = 4;
    private static readonly long s_firstPatience = Stopwatch.Frequency / 250;

    private readonly Queue<Tracee> _awaitingTurn = [];
    private long _nextTurn;
    private long _turnLength;

    private bool IsTurnDue => _awaitingTurn.Count > 0 && Stopwatch.GetTimestamp() >= _nextTurn;

    /// <summary>Milliseconds until somebody's turn; -1 when nobody waits for one.</summary>
    private int TimeToTurn
    {
        get
        {
            if (_awaitingTurn.Count == 0)
            {
                return -1;
            }

            long ticks = Math.Max(0, _nextTurn - Stopwatch.GetTimestamp());
            return (int)((ticks + (Stopwatch.Frequency / 1000) - 1) * 1000 / Stopwatch.Frequency);
        }
    }

    /// <summary>How long a call may wait while everybody else is held. What takes longer and begins from the start each time comes to its end as well.</summary>
    private static long PatienceFor(TrappedCall call) => s_firstPatience << Math.Min(call.Attempts, MostDoublings);

    /// <summary>The call was broken off before it had done anything; the kernel begins it again when the thread runs on.</summary>
    /// <remarks>
    /// The others run for as long as they were held. A signal for the thread finds it in its call, as far as the program can tell: it
    /// comes before the call is begun again, and the kernel decides whether it still is.
    /// </remarks>
    private void AwaitTurn(Tracee tracee, TrappedCall call, long began)
    {
        call.Attempts++;
        long now = Stopwatch.GetTimestamp();
        _turnLength = now - began;
        _nextTurn = now + _turnLength;
        if (tracee.HasPending)
        {
            AddPending(tracee);
        }
        else if (tracee.Held.IsEmpty)
        {
            tracee.IsAwaitingTurn = true;
            _awaitingTurn.Enqueue(tracee);
        }
    }

    private void GiveTurn()
    {
        bool isGiven = false;
        while (!isGiven && _awaitingTurn.TryDequeue(out Tracee? tracee))
        {
            isGiven = tracee.IsAwaitingTurn && CanRun(tracee);
            tracee.IsAwaitingTurn = false;
            if (isGiven)
            {
                _quiet.Add(tracee);
            }
        }

        _nextTurn = Stopwatch.GetTimestamp() + _turnLength;
    }
}
