using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const long GetThreadNumber = 186;

    /// <summary>The kernel's id of the calling thread.</summary>
    public static int GetThread() => (int)GetThread(GetThreadNumber);

    [LibraryImport(Library, EntryPoint = "syscall")]
    private static partial long GetThread(long number);
}
