using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "access", SetLastError = true)]
    public static partial int Access(byte* path, int mode);
}
