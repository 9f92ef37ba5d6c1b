using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Haltpoint.Bench;

/// <summary>A client of the remote protocol with as little of its own as can be: no acknowledgements, one read and one write for a packet.</summary>
internal sealed class RspClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[4 << 20];
    private int _start;
    private int _end;

    public RspClient(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _socket.ReceiveTimeout = 60_000;
        Features = Request("qSupported:multiprocess+;swbreak+;hwbreak+;vContSupported+;xmlRegisters=i386");
        Expect("OK", "QStartNoAckMode");
        HasAcks = false;
    }

    public string Features { get; }

    /// <summary>The largest packet that the server takes, and what gdb sizes its memory transfers by.</summary>
    public int PacketSize => int.Parse(
        Features.Split(';')[Array.FindIndex(Features.Split(';'), f => f.StartsWith("PacketSize=", StringComparison.Ordinal))]["PacketSize=".Length..],
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    private bool HasAcks { get; set; } = true;

    /// <summary>The bytes of a packet on the wire.</summary>
    public static byte[] Packet(string payload) => Packet(Encoding.Latin1.GetBytes(payload));

    public static byte[] Packet(ReadOnlySpan<byte> payload)
    {
        byte sum = 0;
        foreach (byte value in payload)
        {
            sum += value;
        }

        return [(byte)'$', .. payload, (byte)'#', .. Encoding.ASCII.GetBytes(sum.ToString("x2", CultureInfo.InvariantCulture))];
    }

    public void Expect(string reply, string payload)
    {
        string got = Request(payload);
        if (got != reply)
        {
            throw new BenchException($"the server answered '{got}' to {payload}");
        }
    }

    public string Request(string payload) => Expand(Exchange(Packet(payload)));

    /// <summary>Sends a packet and waits for the reply, which is good until the next one.</summary>
    public ReadOnlySpan<byte> Exchange(ReadOnlySpan<byte> packet)
    {
        Send(packet);
        ReadOnlySpan<byte> reply = Receive();
        if (HasAcks)
        {
            Send("+"u8);
        }

        return reply;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>The payload of the next reply; notifications and acknowledgements are passed over.</summary>
    public ReadOnlySpan<byte> Receive()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        int from = _start;
        while (true)
        {
            int hash = from + _received.AsSpan(from, _end - from).IndexOf((byte)'#');
            if (hash < from || hash + 2 >= _end)
            {
                from = hash < from ? _end : hash;
                int read = _socket.Receive(_received.AsSpan(_end));
                _end += read > 0 ? read : throw new BenchException("the server closed the connection");
                continue;
            }

            ReadOnlySpan<byte> frame = _received.AsSpan(_start, hash - _start);
            from = _start = hash + 3;
            int dollar = frame.IndexOf((byte)'$');
            if (dollar >= 0)
            {
                return frame[(dollar + 1)..];
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Undoes run-length encoding: a character, '*' and a count plus 29.</summary>
    private static string Expand(ReadOnlySpan<byte> reply)
    {
        StringBuilder text = new();
        for (int i = 0; i < reply.Length; i++)
        {
            if (reply[i] == '*' && i > 0 && i + 1 < reply.Length)
            {
                text.Append((char)reply[i - 1], reply[++i] - 29);
            }
            else
            {
                text.Append((char)reply[i]);
            }
        }

        return text.ToString();
    }
}
