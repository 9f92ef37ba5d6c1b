using System;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Procfs;

/// <summary>Small files of /proc, read in one piece: two reads could see two different moments.</summary>
internal static unsafe class ProcFile
{
    /// <returns>Bytes read, 0 when the file cannot be read.</returns>
    public static int Read(string path, Span<byte> into)
    {
        int file;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            file = Libc.Open(name, Libc.OpenReadOnly | Libc.OpenCloseOnExec, 0);
        }

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
