using System;
using System.Net.Sockets;

namespace Haltpoint.Core.Tests.Rsp;

/// <summary>A server behind a Unix socket: a live process's or a machine's.</summary>
internal sealed class SocketPeer : ITranscriptPeer, IDisposable
{
    private const int PatienceMilliseconds = 120_000;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public SocketPeer(string path)
    {
        _socket.ReceiveTimeout = PatienceMilliseconds;
        _socket.Connect(new UnixDomainSocketEndPoint(path));
    }

    public bool HasMore => _socket.Available != 0;

    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    public int Receive(Span<byte> into) => _socket.Receive(into);

    public void Happen(string what) => throw new NotSupportedException("a transcript for every target lets nothing happen");

    public string? NextAsked() => throw new NotSupportedException("a transcript for every target asks nobody");

    public void ForgetAsked()
    {
    }

    public void Dispose() => _socket.Dispose();
}
