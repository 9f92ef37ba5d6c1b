using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Watching;

public sealed unsafe partial class MemoryWatch
{
    /// <summary>Starts a program and watches it from before its first instruction; what is in a library, from before the library's.</summary>
    /// <param name="command">The program and its arguments, as bytes: a path need not be text.</param>
    /// <param name="what">An address, <c>symbol</c>, <c>symbol+8</c>, <c>symbol.member[3]</c>, <c>file.c:variable</c> or <c>library.so:symbol</c>.</param>
    /// <param name="options">How; null for all writes.</param>
    /// <remarks>It is a child of this process with its terminal and its standard streams. Call <see cref="WaitForExit"/> to have it reaped.</remarks>
    /// <exception cref="WatchException">It cannot be had; the message says why, and the program was ended.</exception>
    public static MemoryWatch OnProgram(IReadOnlyList<byte[]> command, string what, WatchOptions? options = null)
    {
        options ??= new WatchOptions();
        using StartedProgram program = StartedProgram.Start(command);
        WatchLocation location = program.Find(what, options);
        MemoryWatch watch = Arm(program.Modules, location, options, isStopped: true);
        program.LetGo();
        return watch;
    }

    /// <summary>Waits for the end of a program that <see cref="OnProgram"/> started.</summary>
    /// <returns>Its exit status, or 128 and the signal that ended it.</returns>
    public int WaitForExit()
    {
        _ = TryWaitForExit(Timeout.InfiniteTimeSpan, out int status);
        return status;
    }

    /// <summary>Waits so long for the end of a program that <see cref="OnProgram"/> started.</summary>
    public bool TryWaitForExit(TimeSpan patience, out int status)
    {
        status = 0;
        if (!WaitForEnd(patience))
        {
            return false;
        }

        int word;
        if (Libc.Wait4(ProcessId, &word, 0, null) != ProcessId)
        {
            return false; // Somebody else has asked for it already.
        }

        Ptrace.WaitStatus end = new(word);
        status = end.IsExited ? end.ExitCode : 128 + end.EndSignal;
        return true;
    }

    // A process file descriptor becomes readable when the process ends.
    private bool WaitForEnd(TimeSpan patience)
    {
        int file = Libc.PidFdOpen(ProcessId, 0);
        if (file < 0)
        {
            return true;
        }

        Libc.PollFd wait = new() { Fd = file, Events = Libc.PollIn };
        int milliseconds = patience == Timeout.InfiniteTimeSpan ? -1 : (int)patience.TotalMilliseconds;
        int ready;
        do
        {
            ready = Libc.Poll(&wait, 1, milliseconds);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        _ = Libc.Close(file);
        return ready > 0;
    }
}
