using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "personality", SetLastError = true)]
    public static partial int Personality(ulong persona);
}
