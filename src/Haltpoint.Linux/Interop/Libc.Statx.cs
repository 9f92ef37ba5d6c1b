using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary>Directory number: paths are relative to the current directory.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>The path is empty: the file number itself is meant.</summary>
    public const int EmptyPath = 0x1000;

    /// <summary>Everything that struct stat has.</summary>
    public const uint StatBasic = 0x7FF;

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    public static partial int Statx(int directory, byte* path, int flags, uint mask, StatxBuffer* into);
}
