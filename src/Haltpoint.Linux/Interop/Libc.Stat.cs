using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <param name="path">Ended by a zero byte.</param>
    /// <param name="into">144 bytes.</param>
    [LibraryImport(Library, EntryPoint = "stat", SetLastError = true)]
    public static partial int Stat(byte* path, byte* into);
}
