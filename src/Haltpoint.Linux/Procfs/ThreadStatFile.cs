using System;
using System.Threading;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Procfs;

/// <summary>The statistics of one thread, asked for again and again: the file stays open. For one thread at a time.</summary>
internal sealed unsafe class ThreadStatFile(int thread) : IDisposable
{
    // Of all sessions together; those that come later open it each time, so that thousands of threads leave descriptors to others.
    private const int MostOpen = 256;
    private const int Longest = 512;
    private static int s_open;

    private int _file = -1;
    private bool _isEnded;

    /// <summary>The CPU it last ran on, -1 when there is no such thread.</summary>
    public int ReadLastCpu()
    {
        if (_file < 0 && !TryOpen())
        {
            return ThreadStat.ReadLastCpu(thread);
        }

        byte* text = stackalloc byte[Longest];
        nint length = Libc.PRead(_file, text, Longest, 0);
        return length <= 0 ? -1 : ThreadStat.FindLastCpu(new ReadOnlySpan<byte>(text, (int)length));
    }

    public void Dispose()
    {
        _isEnded = true;
        if (_file >= 0)
        {
            Libc.Close(_file);
            Interlocked.Decrement(ref s_open);
            _file = -1;
        }
    }

    private bool TryOpen()
    {
        if (_isEnded)
        {
            return false;
        }

        if (Interlocked.Increment(ref s_open) <= MostOpen)
        {
            _file = ProcFile.OpenOfThread(thread, thread, "stat");
        }

        if (_file < 0)
        {
            Interlocked.Decrement(ref s_open);
        }

        return _file >= 0;
    }
}
