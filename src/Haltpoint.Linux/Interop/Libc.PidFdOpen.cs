using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const long PidFdOpenNumber = 434;

    public static int PidFdOpen(int process, int flags) => (int)PidFdOpen(PidFdOpenNumber, process, flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long PidFdOpen(long number, long process, long flags);
}
