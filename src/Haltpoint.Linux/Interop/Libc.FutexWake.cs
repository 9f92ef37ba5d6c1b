using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const long FutexNumber = 202;
    private const long FutexWakeOne = 1;

    public static long FutexWake(uint* word) => FutexWake(FutexNumber, word, FutexWakeOne, 1);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long FutexWake(long number, uint* word, long operation, long count);
}
