using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Serving;

/// <summary>Writes what passes between client and server, a line for each packet: seconds, <c>&gt;</c> from or <c>&lt;</c> to the client, the bytes.</summary>
/// <remarks>The marks are those of the transcripts that tests replay, so a log of a fault is the start of its test.</remarks>
public sealed class PacketLog : IDisposable
{
    private const int NoFile = -1;

    private readonly ServerLog _log;
    private readonly int _file;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly PacketSplitter _received = new();
    private readonly PacketSplitter _sent = new();

    /// <param name="log">Gets the packets too while it wants them.</param>
    /// <param name="path">A file to append to, or null.</param>
    public PacketLog(ServerLog log, string? path)
    {
        ArgumentNullException.ThrowIfNull(log);
        _log = log;
        _file = NoFile;
        if (path is not null)
        {
            _file = ServerLog.OpenForAppend(path, out string error);
            if (_file < 0)
            {
                throw new ServingException($"cannot write the packet log {path}: {error}");
            }
        }
    }

    private bool IsOn => _file >= 0 || _log.HasPackets;

    public void Received(ReadOnlySpan<byte> bytes)
    {
        if (IsOn)
        {
            Write(_received, bytes, '>');
        }
    }

    public void Sent(ReadOnlySpan<byte> bytes)
    {
        if (IsOn)
        {
            Write(_sent, bytes, '<');
        }
    }

    public void Dispose()
    {
        if (_file >= 0)
        {
            Libc.Close(_file);
        }
    }

    private void Write(PacketSplitter splitter, ReadOnlySpan<byte> bytes, char direction)
    {
        splitter.Add(bytes);
        while (splitter.TryTake(out byte[] packet))
        {
            string line = $"{direction} {Printable(packet)}";
            if (_log.HasPackets)
            {
                _log.Line(line);
            }

            WriteToFile(line);
        }
    }

    private unsafe void WriteToFile(string line)
    {
        if (_file < 0)
        {
            return;
        }

        string time = Stopwatch.GetElapsedTime(_start).TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
        byte[] text = Encoding.ASCII.GetBytes($"{time} {line}\n");
        fixed (byte* start = text)
        {
            // A full disk must not end the debugging.
            Libc.Write(_file, start, (nuint)text.Length);
        }
    }

    private static string Printable(byte[] packet)
    {
        StringBuilder text = new(packet.Length);
        foreach (byte value in packet)
        {
            if (value is >= 0x20 and < 0x7f and not (byte)'\\')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
            }
        }

        return text.ToString();
    }
}
