using System.Runtime.InteropServices;
using System.Threading;

namespace Haltpoint.Stopping;

/// <summary>One CPU's part of the round-up's memory, in a cache line of its own because its owner spins on it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct RoundupCpu
{
    private int _state;

    /// <summary>Of the owner alone, as all that follows.</summary>
    public RoundupPhase Phase;

    /// <summary>What the next resume does with it; of the master alone.</summary>
    public RoundupPlan Plan;

    /// <summary>While it lets others go: one of those that stay is awake.</summary>
    public bool HasSentry;

    /// <summary>The CPU that a master's loop has come to.</summary>
    public int Cursor;

    /// <summary>What the owner added to <see cref="RoundupState.Census"/>.</summary>
    public int Weight;

    /// <summary>When to stop waiting; 0 when no wait has begun.</summary>
    public long Deadline;

    /// <summary>The thread that a resume steps, until the release is done.</summary>
    public ulong StepThread;

    /// <summary>The offer that the owner made.</summary>
    public long Offer;

    public int IsRemoving;

    /// <summary>Breakpoints inside the debugger that this CPU removed, and how many of them the master has told.</summary>
    public int Removed;
    public int RemovedTold;
    public ulong RemovedAddress;

    public readonly CpuState State => (CpuState)Volatile.Read(in _state);

    /// <returns>The state before.</returns>
    public CpuState Change(CpuState set, CpuState clear)
    {
        TryChange(CpuState.None, CpuState.None, set, clear, out CpuState before);
        return before;
    }

    /// <summary>Keeps the CPU from leaving, and asks it in when it is not.</summary>
    /// <remarks>In one exchange: seen inside first and held afterwards, it could be gone in between and be asked by nobody.</remarks>
    /// <returns>Whether it needs an NMI.</returns>
    public bool Hold()
    {
        while (true)
        {
            int found = Volatile.Read(ref _state);
            CpuState state = (CpuState)found;
            bool isOut = (state & (CpuState.Online | CpuState.In)) == CpuState.Online;
            CpuState held = (state | CpuState.Held | CpuState.Outdated) & ~(CpuState.Kept | CpuState.Lingers);
            if (isOut)
            {
                // One that never answered may have lost its NMI: it is asked again, and the one that is too many is owned up to (B-30, D-51).
                held |= (state & CpuState.Asked) == 0 ? CpuState.Asked : CpuState.AskedTwice;
            }
            else if ((state & CpuState.Ready) != 0)
            {
                held &= ~CpuState.Absent; // slow to leave, and now here
            }

            if (Interlocked.CompareExchange(ref _state, (int)held, found) == found)
            {
                return isOut;
            }
        }
    }

    /// <summary>Changes the state if it has all of <paramref name="with"/> and nothing of <paramref name="without"/>.</summary>
    public bool TryChange(CpuState with, CpuState without, CpuState set, CpuState clear, out CpuState before)
    {
        while (true)
        {
            int found = Volatile.Read(ref _state);
            before = (CpuState)found;
            if ((before & with) != with || (before & without) != 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _state, (int)((before & ~clear) | set), found) == found)
            {
                return true;
            }
        }
    }
}
