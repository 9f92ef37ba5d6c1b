using System.Diagnostics;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Ptrace;

// Waiting for tracees, the client, or the end.
public sealed unsafe partial class PtraceSession
{
    // Asking a few threads one by one is cheaper than "any", for which the kernel walks over all of them.
    private const int FewThreads = 4;

    // With more, each look costs as much as a wake-up.
    private const int MostThreadsToSpinFor = 128;
    private const int SpinsBetweenLooks = 16;
    private static readonly long s_spinTicks = Stopwatch.Frequency / 5000;
    private static readonly long s_lookTicks = Stopwatch.Frequency / 1000;

    // When the connection was last looked at: threads that never stop running into traps must not keep the client from being heard.
    private long _lastLook;

    private readonly CpuFollower _follower = new();

    // The waiter saw something: only asking for "any" is sure to find it.
    private bool _mustAskForAny;

    /// <summary>Waits until a stop can be taken, the connection can be read or has ended, or a shutdown was requested.</summary>
    /// <param name="connection">Descriptor of the client's connection, or -1.</param>
    /// <param name="block">False to look once and return.</param>
    /// <param name="wantsStop">False when nobody is there to take a stop: it then waits on, and is no reason to return.</param>
    public WaitResult Wait(int connection, bool block, bool wantsStop = true)
    {
        AssertThread();
        while (true)
        {
            bool moved = Collect();
            WaitResult result = wantsStop && HasStopToTake ? WaitResult.Stop : WaitResult.None;
            if (_isShutdownRequested)
            {
                result |= WaitResult.Shutdown;
            }

            // In non-stop mode a client that has been told of a stop may leave the next one waiting; it must be heard meanwhile.
            if ((result == WaitResult.None ? !moved || IsLookDue() : IsNonStop) && IsReadable(connection))
            {
                result |= WaitResult.Connection;
            }

            if (result != WaitResult.None || !block)
            {
                return result;
            }

            if (!moved && !Spin(connection))
            {
                Sleep(connection);
            }
        }
    }

    private bool IsLookDue()
    {
        long now = Stopwatch.GetTimestamp();
        if (now - _lastLook < s_lookTicks)
        {
            return false;
        }

        _lastLook = now;
        return true;
    }

    /// <summary>Takes in what tracees have to tell, and lets those run on that had nothing for the debugger.</summary>
    private bool Collect()
    {
        bool moved = false;
        while (TryReap(out int thread, out WaitStatus status))
        {
            moved = true;
            Absorb(thread, status);
            if (!IsNonStop && HasNews)
            {
                break;
            }
        }

        if (moved || _quiet.Count > 0 || IsTurnDue)
        {
            Settle();
        }

        FollowHeat();
        return moved;
    }

    /// <summary>Looks for a while without going to sleep: waking up costs more than most stops take to come.</summary>
    private bool Spin(int connection)
    {
        if (_running.Count is 0 or > MostThreadsToSpinFor)
        {
            return false;
        }

        long end = Stopwatch.GetTimestamp() + s_spinTicks;
        do
        {
            for (int i = 0; i < SpinsBetweenLooks; i++)
            {
                // Where tracer and tracee share a CPU the tracee gets it now; where they don't, this is a pause.
                Libc.SchedYield();
                if (!TryReap(out int thread, out WaitStatus status))
                {
                    continue;
                }

                _follower.OnQuickStop(thread);
                Absorb(thread, status);
                Settle();
                FollowHeat();
                if (HasStopToTake)
                {
                    return true;
                }

                end = Stopwatch.GetTimestamp() + s_spinTicks;
            }

            if (_isShutdownRequested || IsReadable(connection))
            {
                return true;
            }
        }
        while (Stopwatch.GetTimestamp() < end);
        return false;
    }

    private void Sleep(int connection)
    {
        if (_tracees.Count > 0 || _leaving.Count > 0)
        {
            _waiter.Arm();
        }

        if (_running.Count > 0)
        {
            _follower.OnSleep();
        }

        Libc.PollFd* descriptors = stackalloc Libc.PollFd[2];
        descriptors[0] = new Libc.PollFd { Fd = _waiter.Descriptor, Events = Libc.PollIn };
        descriptors[1] = new Libc.PollFd { Fd = connection, Events = Libc.PollIn };
        if (Libc.Poll(descriptors, 2, TimeToTurn) > 0 && descriptors[0].Revents != 0)
        {
            _waiter.Clear();
            _mustAskForAny = true;
        }
    }

    // Also true when the connection has ended: the caller finds out by reading.
    private static bool IsReadable(int connection)
    {
        if (connection < 0)
        {
            return false;
        }

        Libc.PollFd descriptor = new() { Fd = connection, Events = Libc.PollIn };
        return Libc.Poll(&descriptor, 1, 0) > 0;
    }

    private bool TryReap(out int thread, out WaitStatus status)
    {
        if (_mustAskForAny || _exitingCount > 0 || _leaving.Count > 0 || _running.Count > FewThreads)
        {
            if (TryReap(-1, out thread, out status))
            {
                return true;
            }

            _mustAskForAny = false;
            return false;
        }

        for (int i = 0; i < _running.Count; i++)
        {
            thread = _running[i].Thread;
            if (TryReap(thread, out _, out status))
            {
                return true;
            }
        }

        thread = 0;
        status = default;
        return false;
    }

    private static bool TryReap(int which, out int thread, out WaitStatus status)
    {
        int word;
        do
        {
            thread = Libc.Wait4(which, &word, Libc.WaitOwnTracees | Libc.WaitNoHang, null);
        }
        while (thread < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        status = new WaitStatus(word);
        return thread > 0;
    }
}
