using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>A client of the remote serial protocol that knows nothing of the server's code.</summary>
internal sealed class RspClient : IDisposable
{
    private const int PatienceMilliseconds = 120_000;
    private const int RecentCount = 300;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _chunk = new byte[0x8000];
    private readonly Queue<string> _recent = new();
    private readonly bool _acks = true;
    private int _at;
    private int _end;

    /// <param name="port">The socket of the debugger's serial port.</param>
    /// <param name="starts">Asks as gdb does, and turns acknowledgements off.</param>
    public RspClient(string port, bool starts = true)
    {
        _socket.ReceiveTimeout = PatienceMilliseconds;
        _socket.Connect(new UnixDomainSocketEndPoint(port));
        if (starts)
        {
            Write("+");
            Assert.Contains("vContSupported+", Ask("qSupported:multiprocess+;swbreak+;hwbreak+;vContSupported+;error-message+"), StringComparison.Ordinal);
            Assert.Equal("OK", Ask("QStartNoAckMode"));
            _acks = false;
        }
    }

    /// <summary>The last packets, for a person who has to find out what went wrong.</summary>
    public string Recent => string.Join('\n', _recent);

    public void Write(string bytes)
    {
        Note("-> ", bytes);
        _socket.Send(Encoding.Latin1.GetBytes(bytes));
    }

    public static string Frame(string payload)
    {
        int sum = 0;
        foreach (char c in payload)
        {
            sum += c;
        }

        return $"${payload}#{sum & 0xFF:x2}";
    }

    public void Send(string payload) => Write(Frame(payload));

    /// <summary>Sends a packet and takes the next one for its answer.</summary>
    public string Ask(string payload)
    {
        Send(payload);
        return Receive();
    }

    /// <summary>The next packet. Acknowledgements and junk before it are skipped.</summary>
    public string Receive()
    {
        while (NextByte() != '$')
        {
        }

        StringBuilder payload = new();
        for (char c = NextByte(); c != '#'; c = NextByte())
        {
            payload.Append(c);
        }

        NextByte();
        NextByte();
        if (_acks)
        {
            Write("+");
        }

        Note("<- ", payload.ToString());
        return payload.ToString();
    }

    /// <summary>Whether bytes have come that nobody has read.</summary>
    public bool HasMore => _at < _end || _socket.Available > 0;

    /// <summary>The words of a monitor command.</summary>
    public string Monitor(string command)
    {
        Send("qRcmd," + Convert.ToHexString(Encoding.ASCII.GetBytes(command)));
        StringBuilder text = new();
        for (string packet = Receive(); packet is not ("OK" or "E16"); packet = Receive())
        {
            Assert.StartsWith("O", packet, StringComparison.Ordinal);
            text.Append(Encoding.ASCII.GetString(Convert.FromHexString(packet.AsSpan(1))));
        }

        return text.ToString();
    }

    public byte[] ReadMemory(ulong address, int length)
    {
        string answer = Ask($"m{address:x},{length:x}");
        Assert.False(answer.StartsWith('E'), answer);
        return Convert.FromHexString(answer);
    }

    public ulong ReadWord(ulong address) => BitConverter.ToUInt64(ReadMemory(address, 8));

    /// <param name="cpu">From 0.</param>
    /// <param name="number">As the target description numbers them: 0 to 15 are general, 16 is rip, 17 eflags.</param>
    public ulong ReadRegister(int cpu, int number)
    {
        Assert.Equal("OK", Ask($"Hgp1.{cpu + 1:x}"));
        string text = Ask($"p{number:x}");
        return BitConverter.ToUInt64(Convert.FromHexString(text.PadRight(16, '0')));
    }

    public void WriteRegister(int cpu, int number, ulong value)
    {
        Assert.Equal("OK", Ask($"Hgp1.{cpu + 1:x}"));
        Assert.Equal("OK", Ask($"P{number:x}={Convert.ToHexString(BitConverter.GetBytes(value))}"));
    }

    public StopReply ReceiveStop() => new(Receive());

    public StopReply Resume(string packet)
    {
        Send(packet);
        return ReceiveStop();
    }

    public void Detach() => Assert.Equal("OK", Ask("D;1"));

    public void Dispose() => _socket.Dispose();

    private void Note(string direction, string text)
    {
        _recent.Enqueue(direction + text);
        if (_recent.Count > RecentCount)
        {
            _recent.Dequeue();
        }
    }

    private char NextByte()
    {
        if (_at == _end)
        {
            _at = 0;
            _end = _socket.Receive(_chunk);
            Assert.True(_end > 0, "the serial port is closed");
        }

        return (char)_chunk[_at++];
    }

    /// <summary>T packets: <c>T05watch:ADDRESS;10:RIP;thread:p1.2;core:1;</c></summary>
    internal sealed class StopReply
    {
        private readonly Dictionary<string, string> _pairs = [];

        public StopReply(string packet)
        {
            Text = packet;
            Assert.Matches("^T[0-9a-f]{2}", packet);
            Signal = Convert.ToInt32(packet[1..3], 16);
            foreach (string pair in packet[3..].Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] parts = pair.Split(':');
                _pairs[parts[0]] = parts[1];
            }
        }

        public string Text { get; }

        public int Signal { get; }

        public int Cpu => int.Parse(_pairs["thread"].Split('.')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - 1;

        public ulong ProgramCounter => BitConverter.ToUInt64(Convert.FromHexString(_pairs["10"]));

        public bool Has(string reason) => _pairs.ContainsKey(reason);

        public ulong Watched(string reason) => ulong.Parse(_pairs[reason], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
