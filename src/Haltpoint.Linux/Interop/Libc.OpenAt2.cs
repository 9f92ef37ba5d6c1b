using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const long OpenAt2Number = 437;

    /// <summary>The system call; the C library has no wrapper. Linux 5.6 and later.</summary>
    public static int OpenAt2(int directory, byte* path, OpenHow* how) =>
        (int)OpenAt2(OpenAt2Number, directory, path, how, sizeof(OpenHow));

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long OpenAt2(long number, long directory, byte* path, OpenHow* how, long size);
}
