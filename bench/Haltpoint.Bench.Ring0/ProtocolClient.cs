using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Haltpoint.Bench.Ring0;

/// <summary>A debugger that says only what it is told to: the same for every stub, with as little of its own as can be.</summary>
internal sealed class ProtocolClient : IDisposable
{
    private const int PatienceMilliseconds = 20_000;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = PatienceMilliseconds };
    private readonly byte[] _chunk = new byte[4096];
    private int _next;
    private int _count;
    private bool _isAcknowledging = true;

    /// <param name="path">A socket that the emulator makes when it starts.</param>
    public ProtocolClient(string path)
    {
        while (!File.Exists(path))
        {
            Thread.Sleep(10);
        }

        _socket.Connect(new UnixDomainSocketEndPoint(path));
    }

    /// <summary>From now on neither side acknowledges packets, where the stub has that, as gdb does.</summary>
    public void StopAcknowledging()
    {
        Send("QStartNoAckMode");
        string answer;
        do
        {
            answer = Receive();
        }
        while (answer.StartsWith('T')); // the emulator's stub also reports the stop when someone connects

        _isAcknowledging = answer != "OK";
    }

    public void Write(params ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    public void Send(string packet)
    {
        byte sum = 0;
        foreach (char character in packet)
        {
            sum += (byte)character;
        }

        Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${packet}#{sum:x2}")));
    }

    /// <returns>The next packet.</returns>
    /// <exception cref="SocketException">Nothing came for a long time.</exception>
    public string Receive()
    {
        while (Next() != '$')
        {
        }

        StringBuilder packet = new();
        for (byte value; (value = Next()) != '#';)
        {
            packet.Append((char)value);
        }

        Next();
        Next();
        if (_isAcknowledging)
        {
            Write((byte)'+');
        }

        return packet.ToString();
    }

    /// <returns>The answer, which has to start so.</returns>
    public string Ask(string packet, string start)
    {
        Send(packet);
        return Expect(start);
    }

    public string Expect(string start)
    {
        string answer = Receive();
        return answer.StartsWith(start, StringComparison.Ordinal) ? answer : throw new InvalidDataException($"{answer} instead of {start}");
    }

    /// <summary>Reads what is no packet, up to this.</summary>
    public void SkipPast(string text)
    {
        for (int matched = 0; matched < text.Length;)
        {
            byte value = Next();
            matched = value == text[matched] ? matched + 1 : value == text[0] ? 1 : 0;
        }
    }

    public void Dispose() => _socket.Dispose();

    private byte Next()
    {
        if (_next == _count)
        {
            _count = _socket.Receive(_chunk);
            _next = 0;
            if (_count == 0)
            {
                throw new EndOfStreamException("the emulator is gone");
            }
        }

        return _chunk[_next++];
    }
}
