using System;
using System.Runtime.InteropServices;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Serving;

/// <summary>A socket in the file system: reachable by those who may write the file.</summary>
internal sealed unsafe class UnixListener : Listener
{
    // struct sockaddr_un: family, then at most 108 bytes of path with its zero.
    private const int PathOffset = 2;
    private const int AddressLength = PathOffset + 108;

    private readonly string _path;
    private int _socket;

    public UnixListener(string path)
    {
        _path = path;
        byte[] address = AddressOf(path);
        RemoveIfAbandoned(address);
        _socket = NewSocket();
        fixed (byte* start = address)
        {
            if (Libc.Bind(_socket, start, (uint)address.Length) != 0 || Libc.Listen(_socket, 1) != 0)
            {
                string error = SystemError.Last();
                Libc.Close(_socket);
                throw new ServingException($"Can't bind address: {error}.");
            }
        }
    }

    public override int Descriptor => _socket;

    /// <summary>Whether a path without a prefix means a socket: one that is there, or a new name in a directory that was written out.</summary>
    public static bool IsFor(string path)
    {
        FileKind kind = FileKinds.Of(path);
        return kind == FileKind.Socket || (kind == FileKind.None && path.Contains('/', StringComparison.Ordinal));
    }

    public override void Announce(ServerConsole console) => console.ListeningOnSocket(_path);

    public override Connection? Accept(ServerConsole console)
    {
        int client = Libc.Accept(_socket, null, null, Libc.SocketCloseOnExec);
        if (client < 0)
        {
            return null;
        }

        console.ConnectedThrough(_path);
        return new Connection(client, client, isSocket: true);
    }

    protected override void Dispose(bool disposing)
    {
        if (_socket >= 0)
        {
            Libc.Close(_socket);
            Unlink(_path);
            _socket = -1;
        }

        base.Dispose(disposing);
    }

    /// <summary>A socket file whose server is gone stays behind and would block the address for ever.</summary>
    private void RemoveIfAbandoned(byte[] address)
    {
        if (FileKinds.Of(_path) != FileKind.Socket)
        {
            return;
        }

        int probe = NewSocket();
        fixed (byte* start = address)
        {
            bool isAbandoned = Libc.Connect(probe, start, (uint)address.Length) != 0 && Marshal.GetLastPInvokeError() == Errno.ECONNREFUSED;
            Libc.Close(probe);
            if (isAbandoned)
            {
                Unlink(_path);
            }
        }
    }

    private static byte[] AddressOf(string path)
    {
        byte[] address = new byte[AddressLength];
        address[0] = Libc.AddressUnix;
        byte[] name = Encoding.UTF8.GetBytes(path);
        if (name.Length >= AddressLength - PathOffset)
        {
            throw new ServingException($"Can't bind address: the path {path} is too long for a Unix socket (at most {AddressLength - PathOffset - 1} bytes).");
        }

        name.CopyTo(address, PathOffset);
        return address;
    }

    private static int NewSocket()
    {
        int socket = Libc.Socket(Libc.AddressUnix, Libc.SocketStream | Libc.SocketCloseOnExec | Libc.SocketNonBlocking, 0);
        return socket >= 0 ? socket : throw new ServingException($"Can't open socket: {SystemError.Last()}.");
    }

    private static void Unlink(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            Libc.Unlink(name);
        }
    }
}
