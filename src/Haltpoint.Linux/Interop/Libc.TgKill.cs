using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "tgkill", SetLastError = true)]
    public static partial int TgKill(int process, int thread, int signal);
}
