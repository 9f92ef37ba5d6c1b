using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary>__WALL with __WNOTHREAD: tracees of the calling thread, whatever their kind, and nobody else's.</summary>
    public const int WaitOwnTracees = 0x40000000 | 0x20000000;
    public const int WaitNoHang = 1;

    [LibraryImport(Library, EntryPoint = "wait4", SetLastError = true)]
    public static partial int Wait4(int process, int* status, int options, void* usage);
}
