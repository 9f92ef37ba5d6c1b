using System;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Serving;

/// <summary>A TCP port.</summary>
internal sealed unsafe class TcpListener : Listener
{
    private const int AddressCapacity = 128;

    private int _socket = -1;

    public TcpListener(ListenAddress address, bool opensToAll)
    {
        Libc.AddressInfo* list = Resolve(address);
        try
        {
            string error = "";
            bool isWide = opensToAll && address.Host.Length == 0;
            TryEach(list, isWide, opensToAll, onlyV4Loopback: true, ref error);
            TryEach(list, isWide, opensToAll, onlyV4Loopback: false, ref error);
            if (_socket < 0)
            {
                throw new ServingException(error);
            }
        }
        finally
        {
            Libc.FreeAddressInfo(list);
        }
    }

    public override int Descriptor => _socket;

    public int Port
    {
        get
        {
            SocketAddress bound = default;
            uint length = AddressCapacity;
            Libc.GetSocketName(_socket, &bound, &length);
            return bound.Port;
        }
    }

    public override void Announce(ServerConsole console) => console.Listening(Port);

    public override Connection? Accept(ServerConsole console)
    {
        SocketAddress peer = default;
        uint length = AddressCapacity;
        int client = Libc.Accept(_socket, &peer, &length, Libc.SocketCloseOnExec);
        if (client < 0)
        {
            return null;
        }

        // Packets are small and each waits for the one before; a client whose machine vanished must be noticed at last.
        Libc.SetSocketOption(client, Libc.LevelTcp, Libc.TcpNoDelay, 1);
        Libc.SetSocketOption(client, Libc.LevelSocket, Libc.KeepAlive, 1);
        console.Connected(peer.Host, peer.Port.ToString(CultureInfo.InvariantCulture));
        return new Connection(client, client, isSocket: true);
    }

    protected override void Dispose(bool disposing)
    {
        if (_socket >= 0)
        {
            Libc.Close(_socket);
            _socket = -1;
        }

        base.Dispose(disposing);
    }

    private static Libc.AddressInfo* Resolve(ListenAddress address)
    {
        Libc.AddressInfo hints = new() { Kind = Libc.SocketStream };
        Libc.AddressInfo* list;
        int failed;
        fixed (byte* host = Encoding.UTF8.GetBytes((address.Host.Length == 0 ? "localhost" : address.Host) + "\0"))
        fixed (byte* port = Encoding.UTF8.GetBytes(address.Port + "\0"))
        {
            failed = Libc.GetAddressInfo(host, port, &hints, &list);
        }

        return failed == 0
            ? list
            : throw new ServingException($"{address.Text}: cannot resolve name: {Marshal.PtrToStringUTF8((nint)Libc.AddressInfoError(failed))}");
    }

    /// <summary>Listens at the first address that can be had.</summary>
    /// <remarks>Of the two loopback addresses a name may have, the old one first: a client that writes 127.0.0.1 finds no other.</remarks>
    private void TryEach(Libc.AddressInfo* list, bool isWide, bool opensToAll, bool onlyV4Loopback, ref string error)
    {
        for (Libc.AddressInfo* entry = list; entry != null && _socket < 0; entry = entry->Next)
        {
            SocketAddress where = new(new ReadOnlySpan<byte>(entry->Address, (int)entry->AddressLength));
            bool isLoopback = !isWide && where.IsLoopback;
            if (onlyV4Loopback != (isLoopback && where.IsV4))
            {
                continue;
            }

            if (opensToAll && !isLoopback)
            {
                where.ClearHost();
            }

            TryListen(ref where, ref error);
        }
    }

    private void TryListen(ref SocketAddress where, ref string error)
    {
        int socket = Libc.Socket(where.Family, Libc.SocketStream | Libc.SocketCloseOnExec | Libc.SocketNonBlocking, 0);
        if (socket < 0)
        {
            error = $"Can't open socket: {SystemError.Last()}.";
            return;
        }

        Libc.SetSocketOption(socket, Libc.LevelSocket, Libc.ReuseAddress, 1);
        fixed (SocketAddress* address = &where)
        {
            if (Libc.Bind(socket, address, where.Length) == 0 && Libc.Listen(socket, 1) == 0)
            {
                _socket = socket;
                return;
            }
        }

        error = $"Can't bind address: {SystemError.Last()}.";
        Libc.Close(socket);
    }
}
