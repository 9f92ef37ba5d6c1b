using System;
using System.Runtime.InteropServices;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Files;

/// <summary>Paths as one process sees them: the server's own view, or that of a process in another mount namespace.</summary>
/// <remarks>
/// The other view is entered through /proc/PID/root, so no thread of the server ever changes its namespace. Links there are
/// resolved below that root (openat2), not in the server's file system.
/// </remarks>
internal sealed unsafe class FileSystemView : IDisposable
{
    private const int Own = -1;

    // A pipe without a writer, or a device that waits for a carrier, must not hold up whoever is traced.
    private const int AlwaysFlags = Libc.OpenCloseOnExec | NonBlocking | NoTerminal;
    private const int NonBlocking = 0x800;
    private const int NoTerminal = 0x100;
    private const int PathOnly = 0x200000;

    private int _root = Own;

    /// <param name="process">0 for the server's own view.</param>
    /// <returns>0, or a negated File-I/O error; the view is then as before.</returns>
    public int Enter(int process)
    {
        int root = Own;
        if (process != 0)
        {
            if (!TryReadNamespace(process, out string? namespaceOfProcess) || !TryReadNamespace(Environment.ProcessId, out string? own))
            {
                return FileError.Last();
            }

            if (namespaceOfProcess != own)
            {
                fixed (byte* path = Encoding.ASCII.GetBytes($"/proc/{process}/root\0"))
                {
                    root = Libc.Open(path, PathOnly | Libc.OpenDirectory | Libc.OpenCloseOnExec, 0);
                }

                if (root < 0)
                {
                    return FileError.Last();
                }
            }
        }

        Leave();
        _root = root;
        return 0;
    }

    /// <returns>A file number, or -1 with the error in the last P/Invoke error.</returns>
    public int Open(byte* path, int flags, int mode)
    {
        const int create = 0x40;
        flags |= AlwaysFlags;
        if (_root == Own)
        {
            return Libc.Open(path, flags, mode);
        }

        // openat2 refuses a mode without a file to create.
        OpenHow how = new() { Flags = (uint)flags, Mode = (flags & create) != 0 ? (uint)mode : 0, Resolve = OpenHow.ResolveInRoot };
        return Libc.OpenAt2(_root, path, &how);
    }

    /// <summary>Opens the name only: enough for fstat, and nothing happens to a device or a pipe.</summary>
    public int OpenPath(byte* path) => OpenPath(path, 0);

    /// <summary>Opens the directory of <paramref name="path"/> for calls that are about the name itself.</summary>
    /// <param name="path">Ended by a zero byte; its last slash is overwritten.</param>
    /// <param name="name">What follows the last slash.</param>
    /// <returns>A file number to close, <see cref="Libc.CurrentDirectory"/>, or -1.</returns>
    public int OpenParent(Span<byte> path, out Span<byte> name)
    {
        int slash = path.LastIndexOf((byte)'/');
        name = path[(slash + 1)..];
        if (_root == Own && slash < 0)
        {
            return Libc.CurrentDirectory;
        }

        ReadOnlySpan<byte> directory = "/\0"u8;
        if (slash > 0)
        {
            path[slash] = 0;
            directory = path;
        }

        fixed (byte* start = directory)
        {
            return OpenPath(start, Libc.OpenDirectory);
        }
    }

    public void Dispose() => Leave();

    private int OpenPath(byte* path, int flags)
    {
        flags |= PathOnly | Libc.OpenCloseOnExec;
        if (_root == Own)
        {
            return Libc.Open(path, flags, 0);
        }

        OpenHow how = new() { Flags = (uint)flags, Resolve = OpenHow.ResolveInRoot };
        return Libc.OpenAt2(_root, path, &how);
    }

    private static bool TryReadNamespace(int process, out string? name)
    {
        const int longest = 64;
        byte* link = stackalloc byte[longest];
        fixed (byte* path = Encoding.ASCII.GetBytes($"/proc/{process}/ns/mnt\0"))
        {
            nint length = Libc.ReadLinkAt(Libc.CurrentDirectory, path, link, longest);
            name = length > 0 ? Encoding.ASCII.GetString(link, (int)length) : null;
            return length > 0;
        }
    }

    private void Leave()
    {
        if (_root != Own)
        {
            Libc.Close(_root);
            _root = Own;
        }
    }
}
