using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Guarding;

/// <summary>A server of its own process, attached to a program, with a client that asks for breakpoints; it is to be killed.</summary>
internal sealed class KilledServer : IDisposable
{
    private readonly PipedProgram _server;
    private readonly Socket _client;

    public KilledServer(int program)
    {
        _server = PipedProgram.OnStandardStreams(
            Path.Combine(AppContext.BaseDirectory, "haltpoint"), "gdbserver", "--once", "--attach", "localhost:0", program.ToString(CultureInfo.InvariantCulture));
        const string listening = "Listening on port ";
        string line;
        do
        {
            line = _server.ReadLine();
        }
        while (!line.StartsWith(listening, StringComparison.Ordinal));
        _client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _client.Connect(IPAddress.Loopback, int.Parse(line.AsSpan(listening.Length), CultureInfo.InvariantCulture));
        Ask("?");
    }

    /// <summary>Inserts a breakpoint or watchpoint, by the number of its packet.</summary>
    public void Insert(int kind, ulong address, int length) => Assert.Equal("OK", Ask($"Z{kind},{address:x},{length:x}"));

    public void Continue() => Send("vCont;c");

    public void ContinueToStop() => Assert.StartsWith("T05", Ask("vCont;c"), StringComparison.Ordinal);

    /// <summary>Waits until there is somebody to hold it when it dies.</summary>
    public void WaitForGuardian()
    {
        while (ProcessStatus.Read(_server.Id).Tracer == 0)
        {
            System.Threading.Thread.Yield();
        }
    }

    /// <summary>Kills it, and waits until whoever cleans up behind it is done.</summary>
    public void Kill()
    {
        int[] children = [.. File.ReadAllText($"/proc/{_server.Id}/task/{_server.Id}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
        Assert.NotEmpty(children);
        Assert.Equal(0, TestLibc.Kill(_server.Id, 9));
        Assert.Equal(128 + 9, _server.WaitForExit());
        foreach (int child in children)
        {
            TestLibc.WaitForEndOf(child);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private string Ask(string packet)
    {
        Send(packet);
        StringBuilder answer = new();
        byte[] one = new byte[1];
        bool isIn = false;
        while (_client.Receive(one) == 1)
        {
            if (one[0] == '#')
            {
                // The two digits of the checksum.
                Assert.Equal(2, _client.Receive(one) + _client.Receive(one));
                _client.Send("+"u8);
                return answer.ToString();
            }

            if (isIn)
            {
                answer.Append((char)one[0]);
            }

            isIn |= one[0] == '$';
        }

        throw new EndOfStreamException(packet);
    }

    private void Send(string packet)
    {
        byte sum = (byte)packet.Sum(c => c);
        _client.Send(Encoding.ASCII.GetBytes($"${packet}#{sum:x2}"));
    }
}
