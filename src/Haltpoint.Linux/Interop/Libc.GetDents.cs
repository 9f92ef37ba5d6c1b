using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const long GetDentsNumber = 217;

    /// <summary>The system call; the C library has no wrapper that leaves the buffer to the caller.</summary>
    public static long GetDents(int directory, void* into, int length) => GetDents(GetDentsNumber, directory, into, length);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long GetDents(long number, long directory, void* into, long length);
}
