using System;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Turns "a tracee has something to tell" into a readable descriptor, so that one poll waits for tracees and client.</summary>
/// <remarks>
/// A thread of its own parks in waitid with WNOWAIT. It sees the tracees of every thread of this process and consumes nothing, so
/// all real waiting stays with the ptrace thread. Nothing is lost between the last look of the ptrace thread and <see cref="Arm"/>:
/// what came in between is still waitable, and waitid returns at once. A signal without an event behind it is harmless.
/// No handler for SIGCHLD is needed, which belongs to the .NET runtime.
/// </remarks>
internal sealed unsafe class Waiter : IDisposable
{
    private const int SignalInfoLength = 128;

    private readonly AutoResetEvent _arm = new(false);
    private readonly Thread _thread;
    private readonly int _event;
    private volatile bool _isArmed;
    private volatile bool _isEnding;

    public Waiter()
    {
        _event = Libc.EventFd(0, Libc.EventFdNonBlocking | Libc.EventFdCloseOnExec);
        _thread = new Thread(Run) { IsBackground = true, Name = "haltpoint wait" };
        _thread.Start();
    }

    /// <summary>Becomes readable when a tracee can be waited for, or after <see cref="Signal"/>.</summary>
    public int Descriptor => _event;

    /// <summary>From the ptrace thread, before it sleeps.</summary>
    public void Arm()
    {
        if (!_isArmed)
        {
            _isArmed = true;
            _arm.Set();
        }
    }

    /// <summary>From any thread.</summary>
    public void Signal()
    {
        ulong one = 1;
        Libc.Write(_event, &one, sizeof(ulong));
    }

    /// <summary>From the ptrace thread: makes the descriptor unreadable again.</summary>
    public void Clear()
    {
        ulong count;
        Libc.Read(_event, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        // The thread may be parked in the kernel until some tracee moves; it then finds this and leaves.
        _isEnding = true;
        _arm.Set();
    }

    private void Run()
    {
        byte* info = stackalloc byte[SignalInfoLength];
        while (true)
        {
            _arm.WaitOne();
            int result;
            do
            {
                result = _isEnding ? 0 : Libc.WaitId(Libc.AnyProcess, 0, info, Libc.WaitExited | Libc.WaitPeek | Libc.WaitAll);
            }
            while (result != 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            if (_isEnding)
            {
                Libc.Close(_event);
                return;
            }

            // Also without tracees (ECHILD): a sleep that found this armed meanwhile has to look again and arm anew.
            _isArmed = false;
            Signal();
        }
    }
}
