using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Files;

/// <summary>The files that a client opened through the server. Results are as in <see cref="Targets.IFiles{TSelf}"/>.</summary>
/// <remarks>
/// A client gets numbers of this table, never the server's own file numbers, so it cannot reach what the server has open.
/// One thread at a time; disposing it closes what the client left open.
/// </remarks>
internal sealed unsafe class HostFiles : IDisposable
{
    /// <summary>Open at once; a client keeps one for each library of the program.</summary>
    public const int Limit = 4096;

    private const int LongestPath = 4096;
    private const int Free = -1;
    private readonly FileSystemView _view = new();
    private readonly List<int> _files = [];

    public int SetFileSystem(int process) => _view.Enter(process);

    public int Open(ReadOnlySpan<byte> path, int flags, int mode)
    {
        if (!FileFlags.TryToLinux(flags, out int linuxFlags) || !FileFlags.TryModeToLinux(mode, out int linuxMode))
        {
            return FileError.Invalid;
        }

        int handle = _files.IndexOf(Free);
        if (handle < 0 && _files.Count == Limit)
        {
            return FileError.TooManyFiles;
        }

        Span<byte> name = stackalloc byte[LongestPath];
        if (!TryTerminate(path, name, out int error))
        {
            return error;
        }

        int file;
        fixed (byte* start = name)
        {
            file = _view.Open(start, linuxFlags, linuxMode);
        }

        if (file < 0)
        {
            return FileError.Last();
        }

        if (handle < 0)
        {
            handle = _files.Count;
            _files.Add(file);
        }
        else
        {
            _files[handle] = file;
        }

        return handle;
    }

    public int Close(int handle)
    {
        if (!TryGet(handle, out int file))
        {
            return FileError.BadFile;
        }

        _files[handle] = Free;
        return Libc.Close(file) == 0 ? 0 : FileError.Last();
    }

    public int Read(int handle, ulong offset, Span<byte> into)
    {
        if (!TryGet(handle, out int file))
        {
            return FileError.BadFile;
        }

        nint read;
        fixed (byte* start = into)
        {
            do
            {
                read = Libc.PRead(file, start, (nuint)into.Length, (long)offset);
            }
            while (read < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        }

        return read >= 0 ? (int)read : FileError.Last();
    }

    public int Write(int handle, ulong offset, ReadOnlySpan<byte> bytes)
    {
        if (!TryGet(handle, out int file))
        {
            return FileError.BadFile;
        }

        nint written;
        fixed (byte* start = bytes)
        {
            do
            {
                written = Libc.PWrite(file, start, (nuint)bytes.Length, (long)offset);
            }
            while (written < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        }

        return written >= 0 ? (int)written : FileError.Last();
    }

    public int Stat(int handle, Span<byte> into) => TryGet(handle, out int file) ? StatOpened(file, into) : FileError.BadFile;

    public int StatPath(ReadOnlySpan<byte> path, Span<byte> into)
    {
        Span<byte> name = stackalloc byte[LongestPath];
        if (!TryTerminate(path, name, out int error))
        {
            return error;
        }

        int file;
        fixed (byte* start = name)
        {
            file = _view.OpenPath(start);
        }

        if (file < 0)
        {
            return FileError.Last();
        }

        int result = StatOpened(file, into);
        Libc.Close(file);
        return result;
    }

    public int Unlink(ReadOnlySpan<byte> path)
    {
        Span<byte> name = stackalloc byte[LongestPath];
        if (!TryTerminate(path, name, out int error))
        {
            return error;
        }

        int directory = _view.OpenParent(name, out Span<byte> last);
        if (directory == -1)
        {
            return FileError.Last();
        }

        fixed (byte* start = last)
        {
            int result = Libc.UnlinkAt(directory, start, 0) == 0 ? 0 : FileError.Last();
            CloseParent(directory);
            return result;
        }
    }

    public int ReadLink(ReadOnlySpan<byte> path, Span<byte> into)
    {
        Span<byte> name = stackalloc byte[LongestPath];
        if (!TryTerminate(path, name, out int error))
        {
            return error;
        }

        int directory = _view.OpenParent(name, out Span<byte> last);
        if (directory == -1)
        {
            return FileError.Last();
        }

        fixed (byte* start = last)
        fixed (byte* target = into)
        {
            nint length = Libc.ReadLinkAt(directory, start, target, (nuint)into.Length);
            int result = length >= 0 ? (int)length : FileError.Last();
            CloseParent(directory);
            return result;
        }
    }

    public void Dispose()
    {
        foreach (int file in _files)
        {
            if (file != Free)
            {
                Libc.Close(file);
            }
        }

        _files.Clear();
        _view.Dispose();
    }

    private static int StatOpened(int file, Span<byte> into)
    {
        StatxBuffer status;
        byte empty = 0;
        if (Libc.Statx(file, &empty, Libc.EmptyPath, Libc.StatBasic, &status) != 0)
        {
            return FileError.Last();
        }

        FileStatus.Write(status, into);
        return FileStatus.Length;
    }

    /// <summary>Paths come without a zero byte at their end, and must not have one inside.</summary>
    private static bool TryTerminate(ReadOnlySpan<byte> path, Span<byte> name, out int error)
    {
        error = path.Length >= name.Length ? FileError.NameTooLong : path.Contains((byte)0) ? FileError.NoEntry : 0;
        if (error != 0)
        {
            return false;
        }

        path.CopyTo(name);
        name[path.Length..].Clear();
        return true;
    }

    private static void CloseParent(int directory)
    {
        if (directory != Libc.CurrentDirectory)
        {
            // The error of the call before must survive.
            int error = Marshal.GetLastPInvokeError();
            Libc.Close(directory);
            Marshal.SetLastPInvokeError(error);
        }
    }

    private bool TryGet(int handle, out int file)
    {
        file = (uint)handle < (uint)_files.Count ? _files[handle] : Free;
        return file != Free;
    }
}
