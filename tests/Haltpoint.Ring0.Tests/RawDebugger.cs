using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Haltpoint.Ring0.Tests;

/// <summary>A debugger on the kernel's second serial port that says exactly what a test wants.</summary>
internal sealed class RawDebugger : IDisposable
{
    private const byte Break = 0x03;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<byte> _arrived = new();
    private readonly byte[] _chunk = new byte[4096];
    private TcpClient? _client;

    public RawDebugger() => _listener.Start();

    /// <summary>For the emulator: its second serial port.</summary>
    public string[] Options => ["-serial", $"tcp:127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"];

    /// <summary>The first to speak: the machine is stopped afterwards.</summary>
    public void Connect()
    {
        _client = _listener.AcceptTcpClient();
        _client.ReceiveTimeout = 60_000;
        Assert("T05", Ask("?"));
    }

    public void Interrupt()
    {
        _client!.GetStream().WriteByte(Break);
        Assert("T02", Receive());
    }

    public void Continue() => Send("c");

    /// <returns>The answer.</returns>
    public string Ask(string packet)
    {
        Send(packet);
        return Receive();
    }

    public string Monitor(string command)
    {
        Send("qRcmd," + Convert.ToHexString(Encoding.ASCII.GetBytes(command)));
        StringBuilder text = new();
        while (true)
        {
            string answer = Receive();
            if (answer == "OK")
            {
                return text.ToString();
            }

            text.Append(Encoding.ASCII.GetString(Convert.FromHexString(answer.TrimStart('O'))));
        }
    }

    public void Send(string packet)
    {
        byte sum = 0;
        foreach (char character in packet)
        {
            sum += (byte)character;
        }

        _client!.GetStream().Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${packet}#{sum:x2}")));
    }

    /// <returns>The next packet, acknowledged.</returns>
    public string Receive()
    {
        while (Next() != '$')
        {
        }

        StringBuilder packet = new();
        byte value;
        while ((value = Next()) != '#')
        {
            packet.Append((char)value);
        }

        Next();
        Next();
        _client!.GetStream().WriteByte((byte)'+');
        return packet.ToString();
    }

    public void Dispose()
    {
        _client?.Dispose();
        _listener.Dispose();
    }

    private static void Assert(string start, string answer) => Xunit.Assert.StartsWith(start, answer, StringComparison.Ordinal);

    private byte Next()
    {
        while (_arrived.Count == 0)
        {
            int count = _client!.GetStream().Read(_chunk);
            Xunit.Assert.True(count > 0, "the emulator is gone");
            for (int i = 0; i < count; i++)
            {
                _arrived.Enqueue(_chunk[i]);
            }
        }

        return _arrived.Dequeue();
    }
}
