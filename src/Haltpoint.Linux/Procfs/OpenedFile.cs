using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Procfs;

/// <summary>A descriptor of another process's thread, as /proc/PID/task/TID/fd and fdinfo show it.</summary>
internal readonly unsafe struct OpenedFile(int process, int thread, int number)
{
    private const int LongestPath = 64;
    private const int LongestTarget = 4096;

    /// <summary>For a list of mappings in /proc (maps, smaps): the number of the process or thread in its path.</summary>
    public bool TryGetMapsOwner(out int owner)
    {
        Span<byte> target = stackalloc byte[LongestTarget];
        Span<byte> path = stackalloc byte[LongestPath];
        WritePath(path);
        owner = 0;
        fixed (byte* start = path, into = target)
        {
            nint length = Libc.ReadLinkAt(Libc.CurrentDirectory, start, into, LongestTarget);
            Libc.FileSystem system;
            return length > 0 && TryParseOwner(target[..(int)length], out owner)
                && Libc.StatFs(start, &system) == 0 && system.Kind == Libc.ProcFileSystem;
        }
    }

    /// <summary>Another description of the same file.</summary>
    /// <returns>A descriptor of this process, or -1.</returns>
    public int Open(int flags)
    {
        Span<byte> path = stackalloc byte[LongestPath];
        WritePath(path);
        fixed (byte* start = path)
        {
            return Libc.Open(start, flags | Libc.OpenCloseOnExec, 0);
        }
    }

    /// <summary>O_* flags, that of closing on execve among them.</summary>
    public bool TryGetFlags(out int flags)
    {
        Span<byte> text = stackalloc byte[512];
        ReadOnlySpan<byte> key = "flags:\t"u8;
        int length = ProcFile.ReadOfThread(process, thread, string.Create(CultureInfo.InvariantCulture, $"fdinfo/{number}"), text);
        int at = text[..length].IndexOf(key);
        flags = 0;
        for (int i = at + key.Length; at >= 0 && i < length && text[i] is >= (byte)'0' and <= (byte)'7'; i++)
        {
            flags = (flags << 3) | (text[i] - '0');
        }

        return at >= 0;
    }

    // ".../PID/maps" or ".../PID/task/TID/maps", whatever the mount is called.
    internal static bool TryParseOwner(ReadOnlySpan<byte> path, out int owner)
    {
        owner = 0;
        ReadOnlySpan<byte> name = TakeLast(ref path);
        if (!name.SequenceEqual("maps"u8) && !name.SequenceEqual("smaps"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> number = TakeLast(ref path);
        return Utf8Parser.TryParse(number, out owner, out int length) && length == number.Length && owner > 0;
    }

    private static ReadOnlySpan<byte> TakeLast(ref ReadOnlySpan<byte> path)
    {
        int slash = path.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> last = path[(slash + 1)..];
        path = slash < 0 ? default : path[..slash];
        return last;
    }

    private void WritePath(Span<byte> path) => Utf8.TryWrite(path, $"/proc/{process}/task/{thread}/fd/{number}\0", out _);
}
