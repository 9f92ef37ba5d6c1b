using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const long GetRobustListNumber = 274;

    /// <summary>Where the kernel finds the robust futexes of a thread when it ends (get_robust_list(2)).</summary>
    public static bool TryGetRobustList(int thread, out ulong head)
    {
        ulong address = 0;
        nuint length = 0;
        bool got = GetRobustList(GetRobustListNumber, thread, &address, &length) == 0;
        head = address;
        return got && address != 0;
    }

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long GetRobustList(long number, long thread, ulong* head, nuint* length);
}
