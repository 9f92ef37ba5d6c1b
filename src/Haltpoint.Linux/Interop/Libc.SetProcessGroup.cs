using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "setpgid", SetLastError = true)]
    public static partial int SetProcessGroup(int process, int group);
}
