using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const long KCmpNumber = 312;
    private const int KCmpMemory = 1;
    private const int KCmpActions = 4;

    /// <summary>Whether two threads are known to have different memory (kcmp(2), KCMP_VM).</summary>
    public static bool HasOtherMemory(int thread, int other) => KCmp(KCmpNumber, thread, other, KCmpMemory, 0, 0) > 0;

    /// <summary>Whether two threads are known to have different signal actions (kcmp(2), KCMP_SIGHAND).</summary>
    public static bool HasOtherActions(int thread, int other) => KCmp(KCmpNumber, thread, other, KCmpActions, 0, 0) > 0;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long KCmp(long number, int thread, int other, int kind, ulong first, ulong second);
}
