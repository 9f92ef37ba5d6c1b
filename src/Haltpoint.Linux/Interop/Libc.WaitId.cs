using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    public const int AnyProcess = 0;
    public const int WaitExited = 4;
    public const int WaitPeek = 0x01000000;
    public const int WaitAll = 0x40000000;

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int kind, int id, void* info, int options);
}
