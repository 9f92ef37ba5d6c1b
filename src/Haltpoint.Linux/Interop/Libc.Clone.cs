using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    public const int CloneMemory = 0x100;

    /// <summary>Runs <paramref name="start"/> in a new process on its own stack.</summary>
    [LibraryImport(Library, EntryPoint = "clone", SetLastError = true)]
    public static partial int Clone(void* start, void* stackTop, int flags, void* argument);
}
