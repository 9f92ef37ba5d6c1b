using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary>Returns only when the program could not be executed.</summary>
    [LibraryImport(Library, EntryPoint = "execvp", SetLastError = true)]
    public static partial int Execute(byte* file, byte** arguments);
}
