using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <returns><c>struct passwd</c>, whose first member is the name; valid until the next call.</returns>
    [LibraryImport(Library, EntryPoint = "getpwuid")]
    public static partial byte** GetPwUid(uint user);
}
