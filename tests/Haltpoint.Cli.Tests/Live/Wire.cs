using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>What is between one client and its server on this machine, and can be cut with both of them alive.</summary>
internal sealed class Wire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient _toServer = new();
    private readonly Task _carrying;
    private TcpClient? _fromClient;
    private bool _isCut;

    /// <param name="port">Of the server, which listens already.</param>
    public Wire(string port)
    {
        _listener.Start();
        _carrying = CarryAsync(int.Parse(port, CultureInfo.InvariantCulture));
    }

    /// <summary>Where the client finds the server.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <param name="isReset">Without a word of goodbye: what is under way is lost.</param>
    public void Cut(bool isReset)
    {
        if (Interlocked.Exchange(ref _isCut, true))
        {
            return;
        }

        foreach (TcpClient end in (TcpClient[])[_toServer, _fromClient!])
        {
            if (isReset)
            {
                end.LingerState = new LingerOption(true, 0);
            }

            end.Close();
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        _toServer.Dispose();
        _fromClient?.Dispose();
        _carrying.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
    }

    private async Task CarryAsync(int port)
    {
        _fromClient = await _listener.AcceptTcpClientAsync();
        _fromClient.NoDelay = _toServer.NoDelay = true;
        await _toServer.ConnectAsync(IPAddress.Loopback, port);
        await Task.WhenAny(
            CopyAsync(_fromClient.GetStream(), _toServer.GetStream()), CopyAsync(_toServer.GetStream(), _fromClient.GetStream())).Unwrap();
        Cut(isReset: false);
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException)
        {
        }
    }
}
