using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <returns><c>struct group</c>, whose first member is the name; valid until the next call.</returns>
    [LibraryImport(Library, EntryPoint = "getgrgid")]
    public static partial byte** GetGrGid(uint group);
}
