using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Serving;

/// <summary>The bytes to and from one client.</summary>
/// <remarks>Used on the server's thread, but for <see cref="Break"/>.</remarks>
public sealed unsafe class Connection : IDisposable
{
    private readonly object _lock = new();
    private readonly int _output;
    private readonly bool _isSocket;
    private int _input;

    internal Connection(int input, int output, bool isSocket)
    {
        _input = input;
        _output = output;
        _isSocket = isSocket;
    }

    /// <summary>What to wait on for more bytes.</summary>
    public int Input => _input;

    /// <summary>A read of it ends when <see cref="Break"/> is called from another thread.</summary>
    public bool CanBreak => _isSocket;

    /// <summary>Waits for bytes.</summary>
    /// <returns>How many; 0 when the client is gone.</returns>
    public int Read(Span<byte> into)
    {
        fixed (byte* start = into)
        {
            nint read;
            do
            {
                read = Libc.Read(_input, start, (nuint)into.Length);
            }
            while (read < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            return (int)Math.Max(read, 0);
        }
    }

    /// <summary>Sends all of it.</summary>
    /// <returns>False when the client is gone.</returns>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint written = 0;
            while (written < bytes.Length)
            {
                // The runtime ignores SIGPIPE: a client that left is EPIPE here.
                nint more = Libc.Write(_output, start + written, (nuint)(bytes.Length - written));
                if (more > 0)
                {
                    written += more;
                }
                else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Ends the stream for both sides; on any thread. A read that waits returns 0, and so does the next one.</summary>
    public void Break()
    {
        lock (_lock)
        {
            if (_isSocket && _input >= 0)
            {
                Libc.Shutdown(_input, Libc.ShutdownBoth);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_input < 0)
            {
                return;
            }

            Libc.Close(_input);
            if (_output != _input)
            {
                Libc.Close(_output);
            }

            _input = -1;
        }
    }
}
