using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary>F_DUPFD_CLOEXEC: a copy with a number of at least <c>argument</c>.</summary>
    public const int DuplicateCloseOnExec = 1030;

    /// <summary>F_ADD_SEALS.</summary>
    public const int AddSeals = 1033;

    /// <summary>F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW and F_SEAL_WRITE.</summary>
    public const int SealAll = 0xF;

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int FileControl(int file, int command, nint argument);
}
