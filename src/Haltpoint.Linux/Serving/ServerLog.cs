using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;

namespace Haltpoint.Linux.Serving;

/// <summary>What the server does, for whoever looks for its faults: packets and events, to standard error or a file.</summary>
public sealed class ServerLog
{
    private const int StandardError = 2;
    private const int WriteCreateAppend = 1 | 0x40 | 0x400;

    private readonly long _start = Stopwatch.GetTimestamp();
    private int _file = StandardError;

    /// <summary>Stops, resumes and requests.</summary>
    public bool HasEvents { get; set; }

    /// <summary>Waking and waiting of the server's loop.</summary>
    public bool HasLoop { get; set; }

    /// <summary>Packets in both directions.</summary>
    public bool HasPackets { get; set; }

    public bool HasTime { get; set; }

    /// <summary>Writes to a file from now on; back to standard error for the empty path.</summary>
    /// <returns>False when the file cannot be opened, with the reason in <paramref name="error"/>.</returns>
    public unsafe bool TryRedirect(string path, out string error)
    {
        error = "";
        int file = StandardError;
        if (path.Length > 0)
        {
            file = OpenForAppend(path, out error);
            if (file < 0)
            {
                return false;
            }
        }

        if (_file != StandardError)
        {
            Libc.Close(_file);
        }

        _file = file;
        return true;
    }

    internal void Stop(in StopEvent stop)
    {
        if (HasEvents)
        {
            Line($"stop of {stop.Thread.Process}.{stop.Thread.Thread}: {stop.Kind} {stop.Reason} signal {stop.Signal} code {stop.Code} address 0x{stop.Address:x}");
        }
    }

    internal void Wake(WaitResult result)
    {
        if (HasLoop)
        {
            Line($"woken: {result}");
        }
    }

    /// <summary>Opens a log file; used on start as well, before there is a log.</summary>
    internal static unsafe int OpenForAppend(string path, out string error)
    {
        error = "";
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            int file = Libc.Open(name, WriteCreateAppend | Libc.OpenCloseOnExec, Convert.ToInt32("644", 8));
            if (file < 0)
            {
                error = SystemError.Last();
            }

            return file;
        }
    }

    internal unsafe void Line(string text)
    {
        string time = HasTime ? Stopwatch.GetElapsedTime(_start).TotalSeconds.ToString("F6", CultureInfo.InvariantCulture) + " " : "";
        byte[] bytes = Encoding.UTF8.GetBytes(time + text + "\n");
        fixed (byte* start = bytes)
        {
            // A log that cannot be written must not end the debugging.
            Libc.Write(_file, start, (nuint)bytes.Length);
        }
    }
}
