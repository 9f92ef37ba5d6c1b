using System;
using System.Text.Unicode;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Procfs;

/// <summary>Small files of /proc, read in one piece: two reads could see two different moments.</summary>
internal static unsafe class ProcFile
{
    private const int LongestPath = 64;

    /// <param name="process">Process or thread.</param>
    /// <param name="name">Path below its directory.</param>
    /// <param name="into">What does not fit is left.</param>
    /// <returns>Bytes read, 0 when the file cannot be read.</returns>
    public static int Read(int process, ReadOnlySpan<char> name, Span<byte> into) => Read(Open(process, name, Libc.OpenReadOnly), into);

    /// <summary>As <see cref="Read(int, ReadOnlySpan{char}, Span{byte})"/>, of one thread alone.</summary>
    /// <remarks>/proc/TID/stat is about the whole group: the kernel adds up the times of all its threads for it.</remarks>
    public static int ReadOfThread(int thread, ReadOnlySpan<char> name, Span<byte> into) => ReadOfThread(thread, thread, name, into);

    public static int ReadOfThread(int process, int thread, ReadOnlySpan<char> name, Span<byte> into) => Read(OpenOfThread(process, thread, name), into);

    /// <returns>A descriptor to read from, or -1.</returns>
    public static int OpenOfThread(int process, int thread, ReadOnlySpan<char> name)
    {
        Span<byte> path = stackalloc byte[LongestPath];
        Utf8.TryWrite(path, $"/proc/{process}/task/{thread}/{name}\0", out _);
        fixed (byte* start = path)
        {
            return Libc.Open(start, Libc.OpenReadOnly | Libc.OpenCloseOnExec, 0);
        }
    }

    /// <returns>A descriptor, or -1 with the error left for Marshal.GetLastPInvokeError.</returns>
    public static int Open(int process, ReadOnlySpan<char> name, int flags)
    {
        Span<byte> path = stackalloc byte[LongestPath];
        Utf8.TryWrite(path, $"/proc/{process}/{name}\0", out _);
        fixed (byte* start = path)
        {
            return Libc.Open(start, flags | Libc.OpenCloseOnExec, 0);
        }
    }

    private static int Read(int file, Span<byte> into)
    {
        if (file < 0)
        {
            return 0;
        }

        nint count;
        fixed (byte* start = into)
        {
            count = Libc.Read(file, start, (nuint)into.Length);
        }

        Libc.Close(file);
        return count < 0 ? 0 : (int)count;
    }
}
