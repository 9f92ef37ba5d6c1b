using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary>F_DUPFD_CLOEXEC: a copy with a number of at least <c>argument</c>.</summary>
    public const int DuplicateCloseOnExec = 1030;

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int FileControl(int file, int command, nint argument);
}
